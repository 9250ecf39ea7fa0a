"""What practitioners said in the history of their audit: open to whoever that is open to."""

from __future__ import annotations

from api.records.kinds import KindOfStream

STREAMS = (KindOfStream("response", of_audit=True),)
