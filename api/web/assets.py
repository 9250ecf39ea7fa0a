"""Static files under an address that carries the hash of all of them, so a browser may keep them
for ever: ``/static/<hash>/app.css``. Relative addresses inside style sheets and modules hold."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qa.core.errors import NotFound

ROOT = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Assets:
    """The files under `root` plus ``theme.css`` with the council's colour, held in memory."""

    def __init__(self, council_colour: str, root: Path = ROOT) -> None:
        self._files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
        self._files["theme.css"] = f":root{{--app-council:{council_colour}}}\n".encode()
        whole = hashlib.sha256()
        for name, data in sorted(self._files.items()):
            whole.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
        self.version = whole.hexdigest()[:16]

    def url(self, name: str) -> str:
        """The address of a file; KeyError for a file that is not there."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self.version}/{name}"

    def route(self) -> Route:
        return Route("/static/{version}/{name:path}", self._serve, methods=["GET"], name="static")

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        data = self._files.get(name)
        if data is None:
            raise NotFound("There is no such file.")
        suffix = Path(name).suffix
        kind = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "text/plain")
        current = request.path_params["version"] == self.version
        keep = _FOR_EVER if current else "no-cache"
        return Response(data, media_type=kind, headers={"Cache-Control": keep})
