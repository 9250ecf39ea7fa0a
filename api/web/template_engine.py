"""Templates: ours are strict about missing names, the GOV.UK macros cannot be.

The macros live in a lenient environment and are put into the strict one as globals, so no template
imports them. Those that never hold case text are memoised.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from threading import get_ident
from typing import Any
from urllib.parse import urlencode

from jinja2 import (
    BytecodeCache,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.charts.taking import chart_file, chart_files, charts_of
from api.settings import Settings
from api.web.assets import Assets
from api.web.diff import word_diff
from api.web.forms import Errors, field_id
from qa.core.dates_in_words import day, moment

VALUE_FREE = frozenset(
    {"back-link", "button", "generic-header", "pagination", "radios", "select",
     "service-navigation", "skip-link", "tag"}
)  # fmt: skip
"""Macros whose parameters are words of ours or choices: memoised. Never input or textarea."""
_KEPT = 2048


def _memoised(macro: Callable[[Any], Markup]) -> Callable[[Any], Markup]:
    kept: dict[str, Markup] = {}

    def draw(params: Any) -> Markup:
        # repr, not JSON: Markup and str look alike in JSON, so an escaped and an unescaped
        # fragment would share one entry.
        key = repr(params)
        if (drawn := kept.get(key)) is None:
            drawn = macro(params)
            if len(kept) >= _KEPT:
                kept.clear()
            kept[key] = drawn
        return drawn

    return draw


SHARED = Path(__file__).parent / "templates"
"""What every page is made of."""


class _Compiled(BytecodeCache):
    """Templates are compiled once in a process, however many applications it makes, and kept for
    the next process where Python keeps its own modules compiled."""

    def __init__(self) -> None:
        self._bytecode: dict[str, bytes] = {}
        self._folder = Path(cache_from_source(str(SHARED / "any.py"))).parent

    def load_bytecode(self, bucket: Bucket) -> None:
        bytecode = self._bytecode.get(bucket.key)
        if bytecode is None:
            with suppress(OSError):
                bytecode = self._file(bucket).read_bytes()
        if bytecode is not None:
            with suppress(EOFError, UnpicklingError):  # a file that was cut short is made again
                bucket.bytecode_from_string(bytecode)
            if bucket.code is not None:
                self._bytecode[bucket.key] = bytecode

    def dump_bytecode(self, bucket: Bucket) -> None:
        bytecode = self._bytecode[bucket.key] = bucket.bytecode_to_string()
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            own = self._file(bucket).with_suffix(f".{os.getpid()}-{get_ident()}")
            own.write_bytes(bytecode)
            own.replace(self._file(bucket))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.template"


_COMPILED = _Compiled()


@lru_cache(maxsize=1)
def govuk_macros() -> dict[str, Callable[..., Markup]]:
    """Every GOV.UK macro by its name (`govukButton`)."""
    lenient = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        bytecode_cache=_COMPILED,
        undefined=ChainableUndefined,
        autoescape=True,
    )
    found: dict[str, Callable[..., Markup]] = {}
    components = resources.files("govuk_frontend_jinja") / "templates" / "components"
    for component in sorted(entry.name for entry in components.iterdir() if entry.is_dir()):
        name = "govuk" + "".join(part.title() for part in component.split("-"))
        macro = _late_macro(lenient, component, name)
        found[name] = _memoised(macro) if component in VALUE_FREE else macro
    return found


def _late_macro(lenient: Environment, component: str, name: str) -> Callable[..., Markup]:
    """The macro, which is compiled when it is first drawn with."""

    @cache
    def macro() -> Callable[..., Markup]:
        template = lenient.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
        found: Callable[..., Markup] = getattr(template.module, name)
        return found

    return lambda *given, **named: macro()(*given, **named)


def _rooms() -> PrefixLoader:
    """The templates of every room, under the name of the room: ``audits/list.html``."""
    found = sorted(Path(__file__).parents[1].glob("*/templates"))
    return PrefixLoader({at.parent.name: FileSystemLoader(str(at)) for at in found if at != SHARED})


class Pages:
    """The strict environment with settings, assets and macros in it."""

    def __init__(self, settings: Settings, assets: Assets, *folders: str) -> None:
        self.environment = Environment(
            loader=ChoiceLoader([_rooms(), FileSystemLoader([str(SHARED), *folders])]),
            bytecode_cache=_COMPILED,
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(
            govuk_macros(), settings=settings, asset=assets.url, field_id=field_id
        )
        self.environment.filters.update(
            day=day,
            moment=moment,
            slug=_slug,
            urlquery=_urlquery,
            iso_day=_iso_day,
        )
        self.environment.globals |= {"word_diff": word_diff, "chart_files": chart_files}

    def text(self, name: str, /, **context: Any) -> str:
        return self.environment.get_template(name).render(**context)


def _urlquery(query: Mapping[str, Any]) -> str:
    return urlencode(query, doseq=True)


def _iso_day(text: str | None) -> str:
    """12 October 2026, from the ISO text of a read model; nothing for None."""
    return "" if not text else day(date.fromisoformat(text))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def render(request: Request, name: str, /, *, status: int = 200, **context: Any) -> Response:
    """A page. `title` is owed; optional: `nav` (items of the service navigation), `errors`,
    `as_at` (the words of the as-at strip), `dates` (its control), `back` (address of the back
    link), `wide`.
    """
    pages: Pages = request.app.state.pages
    signed = getattr(request.state, "signed_in", None)
    defaults: dict[str, Any] = {
        "nav": _navigation(request),
        "errors": Errors(),
        "as_at": None,
        "behind": (),
        "dates": None,
        "learnt": "",
        "back": None,
        "wide": False,
        "signed_in": signed,
        "csrf": signed.session.csrf if signed else "",
    }
    with charts_of(request) as charts:
        page = pages.text(name, **{**defaults, **context})
    return chart_file(request, charts) or HTMLResponse(page, status_code=status)


def _navigation(request: Request) -> Any:
    make = getattr(request.app.state, "navigation", None)
    none = {"sections": [], "pages": [], "section": "", "name": "", "search": False}
    return make(request) if make else none
