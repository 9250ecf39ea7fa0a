"""What the API answers about the audits of one's own cases."""

from __future__ import annotations

from pydantic import BaseModel, Json

from api.json.moment_out import OfMomentOut
from api.json.row_out import RowOut
from projections.practitioners.tables import ResponseRow


class OwnAuditOut(BaseModel):
    """The final audit of a case that the caller holds."""

    audit: str
    reference: str
    child: str
    audit_date: str | None
    final_grade: str | None
    final_grades: Json[dict[str, str]] | None
    strengths: list[str]
    reflected: bool


class OwnAuditsOut(OfMomentOut):
    """The final audits of the caller's own cases, the newest first."""

    audits: list[OwnAuditOut]


class ResponseEntryOut(
    RowOut, row=ResponseRow, without=("audit", "stream_version", "said_us", "answered_us")
):
    """A reflection, or a disputed fact with its answer."""

    said_at: str


class ResponseOut(OfMomentOut):
    """What the practitioner said to an audit, and the names of those it mentions."""

    entries: list[ResponseEntryOut]
    names: dict[str, str]
