"""What an address asks in its query, as one class instead of a parameter each."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class QueryModel(BaseModel):
    """What an endpoint takes as `Annotated[Model, Query()]`. It passes over what other parameters
    of the address ask; the route refuses what none of them knows."""

    model_config = ConfigDict(frozen=True)
