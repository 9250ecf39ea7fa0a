"""The ledger's page: how far the records are sealed and signed, the checkpoints, one to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from api.ledger.reading import seen
from api.lists.declaration import ALL, ListCell, ListColumn, RecordList
from api.lists.page import drawn_page
from api.navigation import NavigationItem, NavigationSection
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.paging import Page
from projections.people import queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.dates_in_words import moment
from qa.core.errors import CaseloopError, Fault, NotFound, Refused, Unavailable
from qa.ledger import checkpoints, publishing
from qa.ledger.checkpoints import SCHEDULE, Signed
from qa.ledger.keys import KeyRing
from qa.ledger.note import SignedNote, groups

router = PageRouter(prefix="/ledger")
NAVIGATION = NavigationItem("Ledger", "/ledger", 220, NavigationSection.SET_UP, "read-ledger")

PAGE = 20
LATE_SECONDS = 60
"""An unsealed tail older than this means that no sealer is at work."""

Number = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("")
def show_ledger(request: Request, reading: Reader) -> Response:
    return _page(request, reading, Errors())


def _page(request: Request, reading: Reading, errors: Errors, status: int = 200) -> Response:
    require(reading.actor, "read-ledger")
    connection = reading.connection
    cursor = request.query_params.get("after", "")
    before = int(cursor) if cursor.isdecimal() and len(cursor) < 10 else None
    known = seen(reading)
    found = checkpoints.page(
        connection, before=min(before or known.before, known.before), limit=PAGE + 1
    )
    shown, more = found[:PAGE], len(found) > PAGE
    standing = known.standing
    waited = None
    if standing.unsealed_since is not None:
        waited = int((reading.services.clock.now() - standing.unsealed_since).total_seconds())
    ring, trouble = _keys(reading)
    rows = _rows(reading, shown, ring)
    past = reading.at.is_past
    follower = getattr(request.app.state, "follower", None)
    return reading.page(
        "ledger/ledger.html",
        status=status,
        title="Ledger",
        errors=errors,
        said="The checkpoint is signed." if request.query_params.get("done") == "signed" else "",
        standing=standing,
        waited=waited,
        late=waited is not None and waited > LATE_SECONDS,
        troubles=[each for each in (trouble, follower and follower.trouble) if each and not past],
        keys=ring.keys if ring is not None and not past else (),
        origin=ring.origin if ring is not None else "",
        checkpoints=drawn_page(
            reading,
            _listed(rows),
            ALL,
            Page(rows, next=str(shown[-1].number) if more else None),
            None,
            filters=(),
            chosen=(),
        ),
        latest=known.last,
        places=[place.name for place in reading.services.ledger.places],
        may_make=not past and can(reading.actor, "make-checkpoint").allowed,
    )


def _keys(reading: Reading) -> tuple[KeyRing | None, str | None]:
    """The keys, or why there are none."""
    try:
        return reading.services.ledger.keys.ring(), None
    except Unavailable as missing:
        return None, missing.sentence


def _rows(reading: Reading, found: list[Signed], ring: KeyRing | None) -> list[dict[str, Any]]:
    numbers = [signed.number for signed in found]
    gone_to: dict[int, list[publishing.Publication]] = {}
    until = reading.at.until(reading.actor.pin)
    for attempt in publishing.attempts(reading.connection, numbers):
        if until is not None and attempt.at >= until:
            continue
        # The last word about a place counts.
        kept = [a for a in gone_to.get(attempt.checkpoint, []) if a.place != attempt.place]
        gone_to[attempt.checkpoint] = [*kept, attempt]
    makers = {signed.made_by for signed in found}
    names = queries.names(reading.connection, makers, position=reading.at.position)
    return [
        {
            "signed": signed,
            "by": names.get(signed.made_by, _BY.get(signed.made_by, signed.made_by)),
            "published": gone_to.get(signed.number, []),
            **_read(signed, ring),
        }
        for signed in found
    ]


def _listed(rows: list[dict[str, Any]]) -> RecordList[dict[str, Any]]:
    """The checkpoints, the newest first, as the page lists them."""

    def column(key: str, heading: str, cell: Callable[[Any], ListCell]) -> ListColumn[Any]:
        return ListColumn(key, heading, lambda row: None, drawn=cell, sortable=False)

    def signed(row: Any) -> ListCell:
        return ListCell(moment(row["signed"].made_at), beneath=row["by"])

    def covers(row: Any) -> ListCell:
        return ListCell(f"{row['signed'].size} facts", f"/ledger/{row['signed'].number}")

    def root(row: Any) -> ListCell:
        return ListCell(row["root"] or "Cannot be read", lines=True)

    def published(row: Any) -> ListCell:
        lines = (
            f"{one.place}: {'yes' if one.done else f'not yet: {one.detail}'}"
            for one in row["published"]
        )
        return ListCell("\n".join(lines) or "Not yet", lines=True)

    return RecordList(
        path="/ledger",
        title="Signed checkpoints",
        noun=("checkpoint", "checkpoints"),
        rows=rows,
        key=lambda row: str(row["signed"].number),
        columns=(
            column("covers", "Covers", covers),
            column("signed", "Signed", signed),
            column(
                "root", "Root", lambda row: ListCell(row["root"] or "Cannot be read", lines=True)
            ),
            column(
                "signature",
                "Signature",
                lambda row: ListCell("Good" if row["good"] else "Not by a key that is here"),
            ),
            column("published", "Published", published),
        ),
        order="the newest first",
        empty=(
            "No checkpoint is signed yet",
            "One is signed by itself as soon as something is sealed, or on demand.",
        ),
    )


_BY = {SCHEDULE: "By schedule", "operator": "The operator (command line)"}


def _read(signed: Signed, ring: KeyRing | None) -> dict[str, Any]:
    """What the kept note says, and whose signature it bears."""
    try:
        note = SignedNote.read(signed.note)
    except Refused:
        return {"root": "", "key": None, "good": False}
    kept = None if ring is None else ring.signer_of(note)
    return {
        "root": groups(note.checkpoint.root),
        "key": None if kept is None else kept.public,
        "good": kept is not None,
    }


def _found(reading: Reading, number: int) -> Signed:
    require(reading.actor, "read-ledger")
    found = checkpoints.numbered(reading.connection, number)
    known = seen(reading)
    if found is None or number >= known.before:
        raise NotFound("There is no such checkpoint.")
    return found


@router.get("/{number}")
def show_checkpoint(number: Number, reading: Reader) -> Response:
    """One checkpoint, made to be printed and put into the minutes of a board."""
    signed = _found(reading, number)
    ring, _ = _keys(reading)
    return reading.page(
        "ledger/checkpoint.html",
        title=f"Checkpoint of {signed.size} facts",
        back=reading.link("/ledger"),
        row=_rows(reading, [signed], ring)[0],
        origin=signed.checkpoint.origin,
    )


@router.get("/{number}/note")
def download_note(number: Number, reading: Reader) -> Response:
    """The signed note as a file, byte for byte."""
    signed = _found(reading, number)
    reading.note(f"checkpoint:{number}", what=What.EXPORT)
    name = publishing.file_name(signed)
    return Response(
        signed.note.encode(),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/checkpoints")
def make_checkpoint(request: Request, reading: Reader, form: Posted) -> Response:
    """Seal what is recorded by now and sign it."""
    require(reading.actor, "make-checkpoint")
    try:
        reading.services.ledger.checkpoint(by=reading.actor.person)
    except CaseloopError as error:
        return _page(
            request, reading, Errors([Fault("", error.code, error.sentence)]), error.status
        )
    return RedirectResponse("/ledger?done=signed", status_code=303)
