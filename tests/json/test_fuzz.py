"""Whatever is sent to any operation of the API, it answers as described and never breaks."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings

from qa.core.words import Role
from tests.support.council import Council

EXAMPLES = 4


def test_no_request_breaks_the_service(small_council: Council) -> None:
    council = small_council
    for role in (Role.AUDITOR, Role.MODERATOR, Role.ADMINISTRATOR):
        council.grant("lead", role)
    council.moderated("good", "inadequate")
    client = council.program("lead")
    token = client.headers["Authorization"]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
    broken: list[str] = []
    asked = 0

    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(headers={"Authorization": token})
            name = f"{case.method} {case.path}: {answer.status_code}"
            if answer.status_code >= 500:
                broken.append(f"{name} {answer.text[:200]} for {case.body!r:.200}")
            elif answer.status_code >= 400:
                problem = answer.json()
                if not {"type", "title", "status", "detail", "code"} <= set(problem):
                    broken.append(f"{name} is no problem document")

        send()

    assert broken == []
    assert asked > 200
