"""What a leaf of the ledger's tree says of one event, byte for byte.

========  =====================================================================
bytes     meaning (integers are unsigned, the highest byte first)
========  =====================================================================
16        ``caseloop-fact-1\\n``, so that these bytes can be taken for nothing else
8         position in the log
4         version in the stream
8         recorded_us: microseconds since 1970 UTC
2 + n     length of the stream's name, and the name in UTF-8
2 + n     length of the type's name, and the name in UTF-8
32        SHA-256 of the bytes stored for the event
========  =====================================================================

The stored bytes hold personal text in its sealed form only. Whoever destroys its key, or blots the
bytes out of a copy and leaves their hash, changes no leaf. Every event's bytes hold a random
``fact_id``, so nobody can guess an event from its leaf.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct

LEAF = b"\x00"
"""What RFC 9162 puts before every leaf."""
MARK = b"caseloop-fact-1\n"
_NUMBERS = Struct(">QIQH")
_LENGTH = Struct(">H")


def event_leaf(
    position: int, stream: str, version: int, event_type: str, recorded_us: int, state: bytes
) -> bytes:
    """The leaf hash of an event as it is stored: `merkle.leaf_hash` of the bytes above."""
    name, kind = stream.encode(), event_type.encode()
    # Everything at once: verifying a log comes here for every event.
    return sha256(
        b"".join(
            (
                LEAF,
                MARK,
                _NUMBERS.pack(position, version, recorded_us, len(name)),
                name,
                _LENGTH.pack(len(kind)),
                kind,
                sha256(state).digest(),
            )
        )
    ).digest()
