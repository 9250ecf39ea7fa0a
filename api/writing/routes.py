"""The addresses of what is written in sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter
from types import FunctionType
from typing import Any, cast

from fastapi import APIRouter
from starlette.responses import Response

from api.web.csrf import Posted
from api.web.steps import taking_present
from api.writing import frame
from api.writing.declaration import Writing

_SECTION = Parameter("section", Parameter.KEYWORD_ONLY, annotation=str)
_FORM = Parameter("form", Parameter.KEYWORD_ONLY, annotation=Posted)


def writing_routes(
    router: APIRouter, path: str, opening: Callable[..., Writing], check: str = ""
) -> tuple[FunctionType, ...]:
    """Declare the pages of a writing: its list of sections, each section, what keeps it while it is
    typed, two versions set side by side, and `check`, where it is sent. `opening` takes what an
    endpoint takes, the reading among it. Answers what most requests go to."""

    def tasks(**address: Any) -> Response:
        return frame.task_list(address["reading"], opening(**address))

    def page(section: str, **address: Any) -> Response:
        return frame.section_page(address["reading"], opening(**address), section)

    def save(section: str, form: Mapping[str, Any], **address: Any) -> Response:
        return frame.save_section(address["reading"], opening(**address), section, form)

    def draft(section: str, form: Mapping[str, Any], **address: Any) -> Response:
        return frame.autosave(address["reading"], opening(**address), section, form)

    def merge(section: str, form: Mapping[str, Any], **address: Any) -> Response:
        return frame.merge(address["reading"], opening(**address), section, form)

    def checked(**address: Any) -> Response:
        return frame.check_page(address["reading"], opening(**address))

    def sent(form: Mapping[str, Any], **address: Any) -> Response:
        return frame.send(address["reading"], opening(**address), form)

    last = check or f"{path}/check"
    for method, where, endpoint, more in (
        ("GET", path, tasks, ()),
        ("GET", last, checked, ()),
        ("POST", last, sent, (_FORM,)),
        ("GET", f"{path}/{{section}}", page, (_SECTION,)),
        ("POST", f"{path}/{{section}}", save, (_SECTION, _FORM)),
        ("POST", f"{path}/{{section}}/draft", draft, (_SECTION, _FORM)),
        ("POST", f"{path}/{{section}}/merge", merge, (_SECTION, _FORM)),
    ):
        taking_present(endpoint, opening, *more)
        endpoint.__name__ = f"{opening.__name__.strip('_')}_{endpoint.__name__}"
        router.add_api_route(where, endpoint, methods=[method])
    return cast("tuple[FunctionType, ...]", (save, draft, sent))
