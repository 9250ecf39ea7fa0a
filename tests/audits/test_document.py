"""One audit as a document: complete, as it was, and with nothing that its reader may not see."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import docx
import pytest

from api.audits.document import Variant, audit_document
from api.audits.reading import open_audit
from api.audits.words import value_label
from api.documents.document import Bullets, Document, DocumentTable, Heading, Paragraph
from api.web.access_notes import ServedLook
from api.web.context import Reading
from api.web.moments import present
from qa.audits.judgements import (
    AuditContent,
    FamilyFeedback,
    Involvement,
    NoActionReason,
    RuleOverride,
    Strength,
    leaves,
)
from qa.core.errors import Forbidden
from qa.core.fields import field_words
from qa.practitioners.commands import DisputeFact
from qa.practitioners.handlers import dispute_fact
from tests.practitioners.support import released
from tests.support.council import Council, content


def words_in(document: Document) -> Iterator[str]:
    for name, value in document.asked:
        yield f"{name}: {value}"
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Bullets():
                yield from block.items
            case DocumentTable():
                yield from (cell for row in block.rows for cell in row)


def whole(council: Council) -> AuditContent:
    """A content in which something stands in every field."""
    made = content(council.tool, council.today, "requires-improvement")
    data: dict[str, Any] = made.model_dump()
    for number, one in enumerate(data["judgements"]):
        one["evidence"] = f"Evidence {number} is on the file."
        for at, answer in enumerate(one["answers"]):
            answer["comment"] = f"Comment {number}.{at} on this."
    last = data["judgements"][-1]
    last |= {"grade": None, "not_applicable_reason": "The child has just come to us."}
    filled = AuditContent.model_validate(data)
    domains = [one.domain for one in filled.judgements]
    return filled.model_copy(
        update={
            "strengths": (
                Strength(text="The plan is the family’s own.", domain=domains[0]),
                Strength(text="Visits were kept."),
            ),
            "involvement": Involvement(status="declined", note="They were on leave."),
            "feedback": FamilyFeedback(
                status="obtained",
                who="The mother",
                how="By telephone",
                on=council.today - timedelta(days=1),
                consent=True,
                said="We were listened to.",
                note="Asked twice.",
            ),
            "actions": (council.action(domain=domains[0]),),
            "no_action_reason": "What is left is done already.",
            "no_action_reasons": (NoActionReason(domain=domains[1], reason="It is in the plan."),),
            "overrides": (RuleOverride(rule="any-rule", reason="It was put right at once."),),
        }
    )


def document_of(
    council: Council, handle: str, audit: str, variant: Variant, **change: Any
) -> Document:
    services, actor = council.services, council.actor(handle)
    with services.store.reading() as connection:
        at = present(services.store, connection, actor)
        opened = open_audit(ServedLook(connection, actor, at, services), audit)
        if "content" in change:
            opened = replace(opened, view=replace(opened.view, content=change["content"]))
        opened = replace(opened, names={**opened.names, **change.get("names", {})})
        reading = Reading(connection, actor, at, services, None)  # type: ignore[arg-type]
        return audit_document(reading, opened, variant)


def test_every_field_of_an_audit_is_in_its_document(small_council: Council) -> None:
    council = small_council
    audit, filled = council.submitted(), whole(council)
    told = "\n".join(words_in(document_of(council, "lead", audit, "worker", content=filled)))
    with council.services.store.reading() as connection:
        actor = council.actor("lead")
        at = present(council.services.store, connection, actor)
        names = open_audit(ServedLook(connection, actor, at, council.services), audit).names
    names = {**names, **{code: handle for handle, code in council.ids.items()}}
    ways = {"feedback.consent": "Consent was given", "overall": "Requires improvement"}
    found = leaves(filled)
    assert len(found) > 40
    for path, leaf in found.items():
        if leaf.text in ("", "False"):
            continue
        said = ways.get(path) or value_label(path, leaf.text, council.tool, names)
        assert said in told, path


def test_the_document_is_served_as_word_and_pdf_and_said_to_be_taken_out(
    small_council: Council,
) -> None:
    council = small_council
    audit = council.submitted()
    lead = council.browser("lead")
    page = lead.get(f"/audits/{audit}").text
    assert f"/audits/{audit}/document.docx?variant=worker" in page
    word = lead.get(f"/audits/{audit}/document.docx")
    assert word.status_code == 200
    told = "\n".join(one.text for one in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert f"Audit {council.view(audit).row.reference}" in told
    assert "Reasons for the overall grade" in told
    assert lead.get(f"/audits/{audit}/document.pdf?variant=outside").content[:5] == b"%PDF-"
    assert lead.get(f"/audits/{audit}/document.pdf?variant=everybody").status_code == 422
    assert lead.get(f"/audits/{'0' * 32}/document.pdf").status_code == 404
    assert council.browser("worker").get(f"/audits/{audit}/document.pdf").status_code in (403, 404)


def test_it_shows_where_the_two_judgements_differ(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated()
    told = "\n".join(words_in(document_of(council, "lead", audit, "moderator")))
    assert "Moderation" in told
    assert "Differs" in told or "The two agree." in told
    assert "Moderation" not in list(words_in(document_of(council, "lead", audit, "worker")))


def test_it_holds_what_the_practitioner_answered(small_council: Council) -> None:
    council = small_council
    audit = released(council)
    dispute_fact(
        council.services.desk,
        DisputeFact(audit=audit, stated="The visit was late.", should_be="It was on the day."),
        by=council.actor("worker"),
    )
    told = "\n".join(words_in(document_of(council, "lead", audit, "worker")))
    label = field_words(DisputeFact)["stated"].label
    for text in (f"{label}: The visit was late.", "It was on the day.", "It has no answer yet."):
        assert text in told


def test_a_blind_moderator_gets_no_document(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    council.seal(audit)
    with pytest.raises(Forbidden, match="sealed"):
        document_of(council, "moderator", audit, "worker")
    assert council.browser("moderator").get(f"/audits/{audit}/document.pdf").status_code == 403


def test_outside_nobody_is_named_and_the_child_has_no_reference(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    row = council.view(audit).row
    filled = whole(council).model_copy(
        update={"rationale": f"Auditor Tree saw {row.child} with the family."}
    )
    made = document_of(council, "lead", audit, "outside", content=filled)
    told = "\n".join([*words_in(made), str(made.by)])
    assert made.by == "A colleague"
    assert "[the auditor] saw [the child] with the family." in told
    for name in ("Auditor Tree", "Worker Tree", "Lead Tree", row.child):
        assert name not in told, name


def test_outside_a_name_is_taken_out_and_the_words_like_it_stay(small_council: Council) -> None:
    council = small_council
    audit = council.submitted()
    texts = (
        "The child will see her father; he may visit. Mr May, will may and MAY wrote this for Will."
    )
    filled = whole(council).model_copy(update={"rationale": texts})
    names = {council.view(audit).row.auditor: "Will May"}
    made = document_of(council, "lead", audit, "outside", content=filled, names=names)
    assert (
        "The child will see her father; he may visit. Mr [the auditor], [the auditor] and "
        "[the auditor] wrote this for [the auditor]."
    ) in list(words_in(made))
