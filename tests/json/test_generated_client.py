"""A client that a generator makes from the description of the API does a whole round, refusals
included: what the description says is enough to program against."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import openapi_python_client
import pytest
from openapi_python_client.config import Config, ConfigFile, MetaType

from api.lists.files import TYPES
from api.routes import document
from tests.support.case_audits import allocation
from tests.support.council import Council
from tests.support.loops import run_alone

PACKAGE = "caseloop_client"
AS_BYTES = {
    "application/zip": "application/octet-stream",
    "application/pdf": "application/octet-stream",
    TYPES["docx"]: "application/octet-stream",
    "application/yaml": "application/json",
}
"""Kinds of content that the generator does not know."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client's package; there is nothing that the generator left out."""
    folder = tmp_path_factory.mktemp("client")
    described = folder / "openapi.json"
    described.write_text(json.dumps(document()), "utf-8")
    config = Config.from_sources(
        ConfigFile(content_type_overrides=AS_BYTES, post_hooks=[]),
        MetaType.NONE,
        described,
        file_encoding="utf-8",
        overwrite=True,
        output_path=folder / PACKAGE,
    )
    assert openapi_python_client.generate(config=config) == []
    sys.path.insert(0, str(folder))
    yield folder / PACKAGE
    sys.path.remove(str(folder))


def part(name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.{name}")


def operation(name: str) -> Any:
    return part(f"api.{name}").asyncio_detailed


async def a_round(council: Council, client: Any) -> None:
    """Allocate, read, change; and every way to be refused on it, each as the client's own type."""
    models = part("models")
    allocate = operation("case_audits.allocate_case_audit")
    read = operation("case_audits.read_case_audit")
    extend = operation("case_audits.extend_case_audit")
    given = allocation(council)

    wrong = await allocate(
        client=client, body=models.AllocateAuditBody.from_dict({**given, "tool": "x"})
    )
    assert refused(wrong) == (422, "tool-unknown")
    assert [one.field for one in wrong.parsed.errors] == ["tool"]

    made = await allocate(client=client, body=models.AllocateAuditBody.from_dict(given))
    assert isinstance(made.parsed, models.ReceiptOfAuditMade)
    audit = made.headers["location"].rpartition("/")[2]

    shown = await read(audit, client=client)
    assert shown.parsed.audit.child == given["child"]
    stale = shown.headers["etag"]
    nothing = await read("0" * 32, client=client)
    assert refused(nothing) == (404, "not-found")

    later = str(council.today + timedelta(days=60))
    body = models.ExtendAuditBody.from_dict({"due_on": later, "reason": "The auditor is on leave."})
    unsaid = await extend(audit, client=client, body=body)
    assert refused(unsaid) == (428, "precondition-missing")
    done = await extend(audit, client=client, body=body, if_match=stale)
    assert done.parsed.version == made.parsed.version + 1
    behind = await extend(audit, client=client, body=body, if_match=stale)
    assert refused(behind) == (409, "moved-on")
    head = await operation("case_audits.read_case_audit_head")(audit, client=client)
    assert head.headers["etag"] == f'"{done.parsed.version}"'


def refused(answer: Any) -> tuple[int, str]:
    problem = answer.parsed
    assert type(problem).__name__ == "Problem"
    assert problem.status == answer.status_code
    return int(answer.status_code), problem.code


def test_a_generated_client_survives_its_refusals(small_council: Council, generated: Path) -> None:
    program = small_council.program("lead", "read", "write")

    async def whole() -> None:
        async with part("client").AuthenticatedClient(
            base_url="http://testserver",
            token=program.headers["Authorization"].removeprefix("Bearer "),
            raise_on_unexpected_status=True,
            httpx_args={"transport": httpx.ASGITransport(app=program.app)},
        ) as client:
            await a_round(small_council, client)

    run_alone(whole())


def test_a_generated_client_without_a_token_is_told_so(
    small_council: Council, generated: Path
) -> None:
    transport = httpx.ASGITransport(app=small_council.program("lead").app)

    async def ask() -> Any:
        async with part("client").Client(
            base_url="http://testserver", httpx_args={"transport": transport}
        ) as client:
            return await operation("people.list_teams")(client=client)

    assert refused(run_alone(ask())) == (401, "not-signed-in")
