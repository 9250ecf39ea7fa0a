"""From the builder's forms to the next working copy of a tool.

Each function gives a definition; saving it is the command's affair. What cannot be a definition
at all (a title missing, a code with spaces) is refused with the field it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from api.web.boxes import FormValues
from api.web.forms import several, text
from qa.audit_tools.definition import Domain, ToolDefinition
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.words import NO_OVERALL_GRADE, Scale, code_of

T = TypeVar("T")
NUMBER = "Enter a whole number, for example 10."
SENTENCES = {
    "title": "Enter a title of 1 to 120 characters.",
    "id": "The code has lower-case letters, figures and hyphens, and begins with a letter.",
    "guidance": "The guidance is too long: 5,000 characters at most.",
    "good_looks_like": "This is too long: 3,000 characters at most.",
    "kind": "Choose what kind of tool it is.",
    "evidence_min_words": "Enter a number of words from 0 to 500.",
}


def checked(data: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> ToolDefinition:
    """The definition that `data` describes.

    `fields` maps the beginning of a place in the definition to the field of the form.

    Raises:
        Refused: every fault, at its field.
    """
    try:
        return ToolDefinition.model_validate(data)
    except ValidationError as wrong:
        raise Refused(_fault(one, fields or {}) for one in wrong.errors()) from None


def _fault(one: Any, fields: Mapping[str, str]) -> Fault:
    place = ".".join(str(part) for part in one["loc"])
    last = str(one["loc"][-1]) if one["loc"] else ""
    for start, field in fields.items():
        if place.startswith(start):
            place = field + place.removeprefix(start)
            break
    return Fault(place, "tool-malformed", SENTENCES.get(last, f"{place}: {one['msg']}."))


def domain_of(tool: ToolDefinition, domain: str) -> Domain:
    found = tool.domain(domain)
    if found is None:
        raise NotFound("There is no such part of this tool.")
    return found


def moved(items: Sequence[T], at: int, by: int) -> tuple[T, ...]:
    """The items with the one at `at` moved `by` places; at the ends it stays where it is."""
    to = at + by
    if not (0 <= at < len(items) and 0 <= to < len(items)):
        return tuple(items)
    out = list(items)
    out.insert(to, out.pop(at))
    return tuple(out)


def _with_scales(data: dict[str, Any], known: Mapping[str, Scale]) -> dict[str, Any]:
    """The definition holding exactly the scales that it names, each where it is known."""
    used = [data["scale"]] if data["scale"] else []
    for domain in data["domains"]:
        used.append(domain["scale"])
        used += [question["scale"] for question in domain["questions"]]
    own_scales = {f"{s['id']}@{s['version']}": s for s in data["scales"]}
    scales = {}
    for key in used:
        if key in own_scales:
            scales[key] = own_scales[key]
        elif key in known:
            scales[key] = known[key].model_dump()
        else:
            raise Refused("Choose a scale from the list.", field="scale", code="scale-unknown")
    return {**data, "scales": list(scales.values())}


def begun(form: Mapping[str, Any], known: Mapping[str, Scale]) -> ToolDefinition:
    """A new tool with one domain to go on from."""
    title, scale = text(form, "title"), text(form, "scale")
    first = text(form, "domain")
    faults = [] if title else [Fault("title", "missing", SENTENCES["title"])]
    if scale not in known:
        faults.append(Fault("scale", "missing", "Choose a scale."))
    overall = text(form, "overall")
    if overall not in ("yes", "no"):
        faults.append(Fault("overall", "missing", "Say whether there is an overall grade."))
    if not first:
        faults.append(Fault("domain", "missing", "Name the first domain that is graded."))
    code = text(form, "id") or code_of(title)
    if code == "new":
        faults.append(Fault("id", "code-reserved", "Choose another code than “new”."))
    refuse_any(faults)
    data = {
        "id": code,
        "title": title,
        "kind": text(form, "kind"),
        "scale": scale if overall == "yes" else "",
        "scales": [],
        "domains": [{"id": code_of(first), "title": first, "scale": scale, "questions": []}],
    }
    return checked(_with_scales(data, known), {"domains.0": "domain"})


def with_head(
    tool: ToolDefinition, form: Mapping[str, Any], known: Mapping[str, Scale]
) -> ToolDefinition:
    """The tool with its title, guidance, kind, overall scale and rules as the form says."""
    values = FormValues.of(form)
    data = tool.model_dump()
    scale = text(form, "scale")
    if not scale:
        values.refuse("scale", "missing", "Choose a scale, or that there is no overall grade.")
    data |= {
        "title": text(form, "title"),
        "guidance": text(form, "guidance"),
        "kind": text(form, "kind"),
        "scale": "" if scale == NO_OVERALL_GRADE.id else scale,
        "evidence_min_words": values.whole("evidence_min_words", NUMBER),
        "ask_involvement": text(form, "ask_involvement") == "yes",
        "ask_family_feedback": text(form, "ask_family_feedback") == "yes",
        "needs_action_or_reason": text(form, "needs_action_or_reason") == "yes",
        "rationale_rules": _rationale_rules(values),
        "limiting_rules": _limiting_rules(values),
    }
    values.done()
    return checked(_with_scales(data, known))


def _numbered(form: Mapping[str, Any], name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The rows ``name.0``, ``name.1`` … of a form, in order."""
    rows = form.get(name)
    if isinstance(rows, dict):
        for number in sorted((n for n in rows if n.isdecimal()), key=int):
            if isinstance(rows[number], dict):
                yield f"{name}.{number}", rows[number]


def _rationale_rules(values: FormValues) -> list[dict[str, Any]]:
    """Rules whose number of words is left empty are dropped."""
    return [
        {"grades": several(row, "grades"), "min_words": values.whole(f"{at}.min_words")}
        for at, row in _numbered(values.form, "rationale_rules")
        if text(row, "min_words")
    ]


def _limiting_rules(values: FormValues) -> list[dict[str, Any]]:
    """Rules without the grade that sets them off are dropped."""
    found = []
    for at, row in _numbered(values.form, "limiting_rules"):
        grade, cap = text(row, "grade_or_worse"), text(row, "overall_no_better_than")
        if not grade:
            continue
        if not cap:
            values.refuse(f"{at}.overall_no_better_than", "missing", "Choose the best grade left.")
        domain = text(row, "domain") or "any"
        found.append(
            {
                "id": text(row, "id") or code_of(f"{domain}-{grade}-caps-{cap}"),
                "domain": domain,
                "grade_or_worse": grade,
                "at_least": values.whole(f"{at}.at_least", NUMBER),
                "overall_no_better_than": cap,
                "caps": text(row, "caps"),
                "why": text(row, "why"),
            }
        )
    return found


def with_domain_added(tool: ToolDefinition, title: str) -> ToolDefinition:
    if not title:
        raise Refused("Name the domain.", field="new_domain", code="missing")
    code = code_of(title)
    if tool.domain(code) is not None:
        raise Refused("There is such a domain already.", field="new_domain", code="domain-twice")
    data = tool.model_dump()
    added = {
        "id": code,
        "title": title,
        "scale": tool.scale or tool.domains[-1].scale,
        "questions": [],
    }
    data["domains"] = [*data["domains"], added]
    return checked(data, {f"domains.{len(tool.domains)}": "new_domain"})


def with_domain_moved(tool: ToolDefinition, domain: str, by: int) -> ToolDefinition:
    at = tool.domains.index(domain_of(tool, domain))
    return tool.model_copy(update={"domains": moved(tool.domains, at, by)})


def without_domain(tool: ToolDefinition, domain: str) -> ToolDefinition:
    domain_of(tool, domain)
    if len(tool.domains) == 1:
        raise Refused("A tool has at least one domain.", field="domains", code="last-domain")
    left = tuple(one for one in tool.domains if one.id != domain)
    return tool.model_copy(update={"domains": left})


def _replaced(
    tool: ToolDefinition, domain: str, values: Mapping[str, Any], known: Mapping[str, Scale]
) -> ToolDefinition:
    data = tool.model_dump()
    at = tool.domains.index(domain_of(tool, domain))
    data["domains"] = list(data["domains"])
    data["domains"][at] = {**data["domains"][at], **values}
    return checked(_with_scales(data, known), {f"domains.{at}.": ""})


def with_domain(
    tool: ToolDefinition, domain: str, form: Mapping[str, Any], known: Mapping[str, Scale]
) -> ToolDefinition:
    """The tool with one domain as the form says: its words, grades, children and questions.

    A question whose text was emptied is left out.
    """
    before = {question.id: question for question in domain_of(tool, domain).questions}
    scale = text(form, "scale")
    descriptors = form.get("descriptors")
    texts = descriptors if isinstance(descriptors, dict) else {}
    questions = []
    for _, row in _numbered(form, "questions"):
        wording, known_id = text(row, "text"), text(row, "id")
        if wording and known_id in before:
            questions.append(
                {
                    "id": known_id,
                    "text": wording,
                    "scale": text(row, "scale"),
                    "help": text(row, "help"),
                    "required": text(row, "required") == "yes",
                }
            )
    points = () if scale not in known else known[scale].points
    values = {
        "title": text(form, "title"),
        "good_looks_like": text(form, "good_looks_like"),
        "scale": scale,
        "descriptors": [
            {"grade": point.code, "text": text(texts, point.code)}
            for point in points
            if text(texts, point.code)
        ],
        "applies_to": several(form, "applies_to"),
        "may_be_not_applicable": text(form, "may_be_not_applicable") == "yes",
        "questions": questions,
    }
    return _replaced(tool, domain, values, known)


def with_question_added(
    tool: ToolDefinition, domain: str, form: Mapping[str, Any], known: Mapping[str, Scale]
) -> ToolDefinition:
    wording, scale = text(form, "new_question"), text(form, "new_question_scale")
    codes = {question.id for question in domain_of(tool, domain).questions}
    if not wording:
        raise Refused("Enter the question.", field="new_question", code="missing")
    if scale not in known:
        raise Refused("Choose a scale.", field="new_question_scale", code="scale-unknown")
    stem = code_of(wording)[:40].strip("-")
    code = stem if stem[:1].isalpha() else f"q-{stem}"
    number = 2
    while code in codes:
        code = f"{stem}-{number}"
        number += 1
    questions = [q.model_dump() for q in domain_of(tool, domain).questions]
    added = {"id": code, "text": wording, "scale": scale}
    data = tool.model_dump()
    at = tool.domains.index(domain_of(tool, domain))
    data["domains"] = list(data["domains"])
    data["domains"][at] = {**data["domains"][at], "questions": [*questions, added]}
    places = {f"domains.{at}.questions.{len(questions)}": "new_question"}
    return checked(_with_scales(data, known), places)


def with_question_moved(
    tool: ToolDefinition, domain: str, question: int, by: int
) -> ToolDefinition:
    found = domain_of(tool, domain)
    changed = found.model_copy(update={"questions": moved(found.questions, question, by)})
    return _with(tool, changed)


def without_question(tool: ToolDefinition, domain: str, question: int) -> ToolDefinition:
    found = domain_of(tool, domain)
    left = tuple(q for at, q in enumerate(found.questions) if at != question)
    return _with(tool, found.model_copy(update={"questions": left}))


def _with(tool: ToolDefinition, changed: Domain) -> ToolDefinition:
    domains = tuple(changed if one.id == changed.id else one for one in tool.domains)
    return tool.model_copy(update={"domains": domains})
