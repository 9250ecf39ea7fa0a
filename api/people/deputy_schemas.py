"""What the API answers about who stands in for whom."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.json.row_out import RowOut
from projections.people.tables import DeputyRow


class DeputyOut(RowOut, row=DeputyRow, without=("person",)):
    """Somebody who stands in, with the first day and the last."""


class DeputiesOut(BaseModel):
    """Who stands in for somebody on the day asked about or later."""

    as_at: date
    position: int
    deputies: list[DeputyOut]
