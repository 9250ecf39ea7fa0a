"""Whatever is sent to any operation of the API, it answers as described and never breaks."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.installation.error_pages import explanation
from qa.core.words import Role
from tests.support.council import Council

EXAMPLES = 2
AS_DESCRIBED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


def test_no_request_breaks_the_service(small_council: Council) -> None:
    """Each answer is one that the description tells of, and each refusal has a page of its own."""
    council = small_council
    for role in (Role.AUDITOR, Role.MODERATOR, Role.ADMINISTRATOR):
        council.grant("lead", role)
    council.moderated("good", "inadequate")
    client = council.program("lead")
    token = client.headers["Authorization"]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
    broken: set[str] = set()
    asked = 0

    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def send(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(headers={"Authorization": token})
            name = f"{case.method} {case.path}: {answer.status_code}"
            try:
                case.validate_response(answer, checks=AS_DESCRIBED)
            except (Failure, FailureGroup) as wrong:
                said = getattr(wrong, "exceptions", [wrong])
                broken.add(
                    f"{name} {'; '.join(str(one)[:300] for one in said)} for {case.body!r:.200}"
                )
            if answer.status_code >= 400 and answer.content:
                code = answer.json()["code"]
                if explanation(code) is None:
                    broken.add(f"{name} {code} has no page")

        send()

    assert not broken, "\n".join(sorted(broken))
    assert asked > 200
