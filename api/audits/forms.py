"""From the fields of a form, as typed, to what an auditor submits, and back.

Fields are flat dotted names, the same that `qa.audits.submission` uses for its faults, with three
differences that forms need: a day has three boxes (``audit_date.day``), the comment on an answer
is ``judgements.<domain>.comments.<question>``, and a domain that does not apply has the grade
``-``. Actions and strengths are numbered from 0; rows in which nothing is typed do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import NoneType
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from api.web.boxes import FormValues
from api.web.dates import parts_of
from qa.audit_tools.definition import ChildStatus, Domain, ToolDefinition
from qa.audits import submission
from qa.audits.judgements import (
    KEYED,
    AuditContent,
    DomainJudgement,
    leaves,
    model_within,
    several,
)
from qa.core.errors import Fault, Refused
from qa.core.fields import FieldWords, field_words
from qa.core.frozen import Frozen

NOT_APPLICABLE = "-"
DAYS = ("audit_date", "practice_from", "practice_to")
_LISTS = ("actions", "strengths")


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form as an audit. Where `faults` is not empty, `content` holds stand-ins in the places
    they name, and must not be submitted. `left_out` are domains with answers that no longer apply.
    """

    content: AuditContent
    faults: tuple[Fault, ...]
    left_out: tuple[Domain, ...] = ()


def applicable(tool: ToolDefinition, status: ChildStatus | None) -> list[Domain]:
    """The domains asked about a child; those for certain children only once that is known."""
    return [
        domain
        for domain in tool.domains
        if not domain.applies_to or (status is not None and domain.applies(status))
    ]


def status_in(fields: Mapping[str, str]) -> ChildStatus | None:
    given = fields.get("child_status", "")
    return ChildStatus(given) if given in set(ChildStatus) else None


def rows(fields: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """The rows of a numbered list in which somebody typed something, in order."""
    found: dict[int, dict[str, str]] = {}
    for path, value in fields.items():
        match = re.fullmatch(rf"{name}\.(\d{{1,4}})\.(.+)", path)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = value
    # The id and the domain come ready-made: a row that holds no more was left empty.
    return [
        row
        for _, row in sorted(found.items())
        if any(v.strip() for k, v in row.items() if k not in ("action", "domain"))
    ]


def tidied(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with line ends as one character, empty ones dropped, and lists numbered anew."""
    kept = {
        name: value.replace("\r\n", "\n")
        for name, value in fields.items()
        if value.strip() and name.partition(".")[0] not in _LISTS
    }
    for name in _LISTS:
        for number, row in enumerate(rows(fields, name)):
            kept |= {
                f"{name}.{number}.{part}": value.replace("\r\n", "\n")
                for part, value in row.items()
                if value.strip()
            }
    return kept


@dataclass(frozen=True)
class _Form(FormValues):
    """Reads the fields of a model as they were typed. `today` stands in for a day that is owed and
    not given."""

    today: date = field(kw_only=True)

    def day(self, name: str, missing: str = "") -> date | None:
        return super().day(name, missing) or (self.today if missing else None)

    def choice(self, name: str, allowed: Sequence[str], missing: str) -> str:
        given = self.text(name)
        if given in allowed:
            return given
        self.refuse(name, "choice-missing", missing)
        return allowed[0]

    def given(self, model: type[Frozen], names: Iterable[str], at: str = "") -> dict[str, Any]:
        """These fields of a model, from the boxes that stand at its path."""
        return {name: self._value(model, name, f"{at}{name}") for name in names}

    def _value(self, model: type[Frozen], name: str, path: str) -> Any:
        field = model.model_fields[name]
        within = model_within(field)
        if within is None:
            return self._plain(field, field_words(model)[name], path)
        if not several(field):
            chosen = self.text(f"{path}.status")
            return self.given(within, within.model_fields, f"{path}.") if chosen else None
        key, main = KEYED.get(within, ("", None))
        if main is not None:
            return [{key: one, main: text} for one, text in self._beneath(path)]
        return [self._row(within, f"{path}.{n}", row) for n, row in enumerate(self.rows(path))]

    def rows(self, name: str) -> list[dict[str, str]]:
        return rows(self.flat, name)

    def _row(self, model: type[Frozen], at: str, row: Mapping[str, str]) -> dict[str, Any]:
        fields = {f"{at}.{part}": value for part, value in row.items()}
        numbered = _Form(fields, fields, today=self.today)
        read_row = numbered.given(model, model.model_fields, f"{at}.")
        self.faults.extend(numbered.faults)
        return read_row

    def _plain(self, field: FieldInfo, words: FieldWords, path: str) -> Any:
        if words.widget == "day":
            return self.day(path, words.missing)
        if words.widget == "tick":
            return self.text(path) == "yes"
        if words.widget == "choice" and words.missing:
            return self.choice(path, get_args(field.annotation), words.missing)
        return self.text(path) or (None if NoneType in get_args(field.annotation) else "")

    def _beneath(self, name: str) -> list[tuple[str, str]]:
        """What was typed in the fields named ``<name>.<what it is about>``."""
        return [
            (path.removeprefix(f"{name}."), text.strip())
            for path, text in self.flat.items()
            if path.startswith(f"{name}.") and text.strip()
        ]


_READ_APART = ("child_status", "judgements")
"""What depends on the tool: which statuses it knows and which domains it asks about."""


def read(fields: Mapping[str, str], tool: ToolDefinition, *, today: date) -> FilledForm:
    """Read a form.

    Raises:
        Refused: the form holds something that no page of ours sends.
    """
    form = _Form(fields, fields, today=today)
    status = status_in(fields)
    domains = applicable(tool, status)
    data = form.given(AuditContent, (n for n in AuditContent.model_fields if n not in _READ_APART))
    if status is None:
        missing = field_words(AuditContent)["child_status"].missing
        form.faults.append(Fault("child_status", "choice-missing", missing))
    data |= {
        "child_status": status or ChildStatus.CHILD_IN_NEED,
        "judgements": [_judgement(form, domain) for domain in domains],
    }
    try:
        content = AuditContent.model_validate(data)
    except ValidationError as wrong:
        raise Refused(
            Fault(".".join(map(str, one["loc"])), one["type"], "Choose one of the answers.")
            for one in wrong.errors()
        ) from None
    # A reason typed before the grade or the actions changed is asked for no more.
    unanswered = {domain.id for domain in submission.unanswered(content, tool)}
    kept = tuple(one for one in content.no_action_reasons if one.domain in unanswered)
    content = content.model_copy(update={"no_action_reasons": kept})
    left = [
        domain
        for domain in tool.domains
        if domain not in domains
        and any(f.startswith(f"judgements.{domain.id}.") and v for f, v in fields.items())
    ]
    return FilledForm(content, tuple(form.faults), tuple(left))


def _judgement(form: _Form, domain: Domain) -> dict[str, Any]:
    at = f"judgements.{domain.id}"
    written = set(DomainJudgement.model_fields) - {"domain", "answers"}
    judged = form.given(DomainJudgement, written, f"{at}.")
    if judged["grade"] == NOT_APPLICABLE:
        judged["grade"] = None
        if not judged["not_applicable_reason"]:
            sentence = f"Say why {domain.title} does not apply."
            form.faults.append(Fault(f"{at}.not_applicable_reason", "reason-missing", sentence))
    judged["domain"] = domain.id
    judged["answers"] = [
        {"question": q.id, "point": point, "comment": form.text(f"{at}.comments.{q.id}")}
        for q in domain.questions
        if (point := form.text(f"{at}.answers.{q.id}"))
    ]
    return judged


def faults_of(
    filled: FilledForm,
    tool: ToolDefinition,
    *,
    today: date,
    person_exists: Callable[[str], bool],
) -> list[Fault]:
    """All that keeps the form from being submitted, named as the form names its fields."""
    fields = {fault.field for fault in filled.faults}
    if fields & set(DAYS):
        fields |= set(DAYS)
    # One sentence is enough where a domain is said not to apply, but not why.
    fields |= {
        f"{field.removesuffix('.not_applicable_reason')}.grade"
        for field in fields
        if field.endswith(".not_applicable_reason")
    }
    checked = submission.check(filled.content, tool, today=today, person_exists=person_exists)
    return [*filled.faults, *(on_form(fault) for fault in checked if fault.field not in fields)]


def on_form(fault: Fault) -> Fault:
    """A fault of a submission under the name that its field has on the form."""
    return replace(fault, field=_name_on_form(fault.field))


def _name_on_form(path: str) -> str:
    return re.sub(r"^(judgements\.[^.]+)\.answers\.([^.]+)\.comment$", r"\1.comments.\2", path)


def fields_of(content: AuditContent) -> dict[str, str]:
    """What was submitted as the fields of the form, for an audit that was returned."""
    fields: dict[str, str] = {}
    for path, leaf in leaves(content).items():
        if leaf.widget == "day":
            fields |= parts_of(date.fromisoformat(leaf.text) if leaf.text else None, path)
        elif leaf.widget != "tick" or leaf.text == "yes":
            fields[_name_on_form(path)] = leaf.text
    for judgement in content.judgements:
        if judgement.grade is None and judgement.not_applicable_reason:
            fields[f"judgements.{judgement.domain}.grade"] = NOT_APPLICABLE
    for number, action in enumerate(content.actions):
        fields[f"actions.{number}.action"] = action.action
    return {name: value for name, value in fields.items() if value}
