"""Has charts drawn with the fonts that come with the drawing library, whatever a machine has.

A chart in a published file is drawn again on other machines, and years later: with the fonts of
each machine its bytes would be others. The library reads the machine's fonts once, before it draws
for the first time, from the places that `FONTCONFIG_FILE` names; so it is shown a place that is
empty, and takes its own Liberation Sans.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

_NAMED = "FONTCONFIG_FILE"
_PLACES = '<?xml version="1.0"?><fontconfig><dir>{}</dir></fontconfig>'
_NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
_ONE_AT_A_TIME = Lock()
"""Two that draw first at once would else take each other's place for that of the machine."""


@cache
def use_own_fonts() -> None:
    """Have the library read its fonts now, if it has not yet. Safe to call before each drawing."""
    import vl_convert

    with _ONE_AT_A_TIME, TemporaryDirectory() as empty:
        before = os.environ.get(_NAMED)
        places = Path(empty) / "fonts.conf"
        places.write_text(_PLACES.format(empty), "utf-8")
        os.environ[_NAMED] = str(places)
        try:
            vl_convert.svg_to_png(_NOTHING)
        finally:
            if before is None:
                del os.environ[_NAMED]
            else:
                os.environ[_NAMED] = before
