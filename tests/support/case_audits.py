"""What a program sends to the API about a case audit, and an audit that is given more time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from qa.audits.commands import ExtendAudit
from qa.audits.handlers import extend
from tests.support.council import Council, content

V1 = "/api/v1"


def allocation(council: Council, **values: Any) -> dict[str, Any]:
    return {
        "child": "C-77001",
        "tool": "whole-case-file",
        "auditor": council.ids["auditor"],
        "team": "east",
        "practice_from": str(council.today - timedelta(days=180)),
        "practice_to": str(council.today),
        "due_on": str(council.today + timedelta(days=28)),
        **values,
    }


def etag(client: TestClient, audit: str) -> dict[str, str]:
    return {"If-Match": client.get(f"{V1}/case-audits/{audit}").headers["ETag"]}


def submission(council: Council, overall: str = "good") -> dict[str, Any]:
    return {"content": content(council.tool, council.today, overall).model_dump(mode="json")}


def extended(council: Council, audit: str, days: Iterable[int]) -> None:
    """Give the audit more time again and again, to so many days from today."""
    for day in days:
        extend(
            council.services.desk,
            ExtendAudit(
                audit=audit,
                due_on=council.today + timedelta(days=day),
                reason=f"Illness for {day} days.",
            ),
            by=council.actor("lead"),
        )
