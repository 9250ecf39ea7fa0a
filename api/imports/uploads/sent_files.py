"""A file that somebody sent on the page: how it is read, and how it is recorded as it was shown."""

from __future__ import annotations

from collections.abc import Mapping

from api.imports.about import AboutPlan, about_typed
from api.imports.answers import LEAVE_OUT
from api.imports.files.tables import SheetRows
from api.imports.parts import Watch
from api.imports.run import ImportChoices, Kind, Outcome, read_rows, run
from api.imports.uploads.answer_forms import answers_of
from api.services import Services
from qa.authorisation.context import Once
from qa.core.errors import Fault, NotFound, Refused
from qa.core.words import Actor
from qa.imports.changes import RowDiffers
from qa.security import uploads
from qa.security.uploads import Upload

LARGE = 150_000
"""Bytes beyond which a file is worked on in a process apart: about a thousand rows."""


def is_large(upload: Upload) -> bool:
    return len(upload.data) > LARGE


def of_person(services: Services, person: str, upload: str) -> Upload:
    """Raises `NotFound` where there is none, or where it is not said yet what it is."""
    with services.store.reading() as connection:
        file = uploads.load(connection, services.clock, person=person, upload=upload)
    if "kind" not in file.asked:
        raise NotFound("It is not said yet what the file is. Send it again.")
    return file


def kind_of(upload: Upload) -> Kind:
    kind: Kind = upload.asked["kind"]
    return kind


def read_sent(upload: Upload) -> tuple[SheetRows, AboutPlan]:
    """The rows of the file, and what is said of it as a whole. It is read once a request: dear for
    a large one."""
    sheet, of_scale = read_rows(
        kind_of(upload),
        upload.name,
        upload.data,
        sheet=upload.asked["sheet"] or None,
        sheets=answers_of(upload).sheets,
    )
    return sheet, about_typed(upload.asked.get("about", {}), of_scale)


def record(
    services: Services,
    actor: Actor,
    upload: Upload,
    given: Mapping[str, str],
    once: Once,
    watch: Watch | None = None,
) -> Outcome:
    """Record a file as it was shown, with what the form beneath it holds. One that is recorded as a
    whole waits no longer: what came of it stays, and the rows that were left out.

    Raises:
        Refused: nothing was recorded; each fault at the box that puts it right.
    """
    sheet, about = read_sent(upload)
    keep = given["keep_contradicted"] == "yes"
    answers = answers_of(upload).model_copy(
        update={
            "refused": LEAVE_OUT if given["bad"] == "skip" else "",
            "changed": given["changed"] if given["changed"] in (LEAVE_OUT, "correct") else "",
            "reason": given["reason"],
        }
    )
    try:
        done = run(
            services,
            kind_of(upload),
            sheet,
            ImportChoices(
                answers=answers,
                tool=upload.asked["tool"],
                about=about,
                keep_contradicted=keep,
                keep_as=given["keep_as"],
            ),
            by=actor,
            once=once,
            watch=watch,
        )
    except Refused as refused:
        raise Refused(_at_their_boxes(refused)) from None
    if not (done.result or {}).get("not_reached"):
        with services.store.writing() as connection:
            uploads.settle(
                connection,
                person=actor.person,
                upload=upload.id,
                outcome=done.result or {},
                rejects=done.plan.rejects_csv(keep).encode("utf-8-sig"),
            )
    return done


def _at_their_boxes(refused: Refused) -> list[Fault]:
    """Why nothing was recorded, each at the box that puts it right."""
    faults = [fault for fault in refused.faults if fault.field == "reason" and fault.row is None]
    if any(fault.code == "question-open" for fault in refused.faults):
        sentence = "Nothing was recorded. Answer the questions on the file first."
        faults.append(Fault("question.0.answer", "question-open", sentence))
    if any(isinstance(fault, RowDiffers) for fault in refused.faults):
        sentence = "Nothing was recorded. Choose what should happen to the rows that changed."
        faults.append(Fault("changed", "rows-changed", sentence))
    if any(f.row is not None and not isinstance(f, RowDiffers) for f in refused.faults):
        sentence = (
            "Nothing was recorded, because rows are refused. Put them right and send the file "
            "again, or choose to leave them out."
        )
        faults.append(Fault("bad", "rows-refused", sentence))
    return faults or list(refused.faults)
