"""The form that sets a prompt aside: weak audits from which no check of supervision follows."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from api.supervision.prompts import Prompt, prompts
from api.web.boxes import FormValues
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Sent, carry_out, command_box, form_routes
from projections.people import queries
from qa.core.errors import NotFound
from qa.core.words import Resource
from qa.store.unit import Receipt
from qa.supervision import handlers
from qa.supervision.commands import SetSupervisionPromptAside

router = PageRouter(prefix="/supervision-prompts")

PersonId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def _set_aside(view: Prompt, form: FormValues, sent: Sent) -> Receipt:
    command = SetSupervisionPromptAside(
        practitioner=view.practitioner,
        audits=tuple(row["audit"] for row in view.audits),
        reason=form.text("reason"),
    )
    return carry_out(handlers.set_prompt_aside, command, sent)


SET_ASIDE: FormStep[Prompt] = FormStep(
    "No check follows",
    "Set the prompt aside",
    "The prompt is set aside.",
    lambda view: [command_box(SetSupervisionPromptAside, "reason")],
    _set_aside,
    ("These audits will not prompt a check again. Later ones will.",),
    "run-checks",
)


def _form(reading: Reader, person: PersonId) -> tuple[FormStep[Prompt], Prompt, At]:
    waiting = prompts(reading)
    found = next((one for one in waiting if one.practitioner == person), None)
    if found is None:
        raise NotFound("There is no prompt for this person.")
    name = queries.names(reading.connection, [person]).get(person, person)
    place = Resource(service=found.audits[0]["service"], team=found.audits[0]["team"])
    at = At(f"/supervision-prompts/{person}", "/supervision", None, name, place)
    return SET_ASIDE, found, at


form_routes(router, "/{person}", _form)
