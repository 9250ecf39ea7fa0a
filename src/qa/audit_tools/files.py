"""Audit tools and scales as YAML: what ships with Caseloop, and what a council edits by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ValidationError

from qa.audit_tools.definition import ToolDefinition
from qa.core.errors import Fault, Refused
from qa.core.words import Scale
from qa.core.yaml_files import load_yaml

SHIPPED_TOOLS = ("whole-case-file", "dip-sample", "judgement-areas")
SHIPPED_CHECKS = ("supervision-record", "supervision-quality")
LONGEST_FILE = 500_000


def _parse(text: str) -> Any:
    if len(text) > LONGEST_FILE:
        raise Refused("The file is too large to be an audit tool.", code="file-too-large")
    try:
        return load_yaml(text)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = "" if where is None else f" (line {where.line + 1})"
        raise Refused(f"The file is not readable YAML{line}.", code="yaml-unreadable") from None


def _faults(error: ValidationError, row: str) -> list[Fault]:
    return [
        Fault(
            ".".join(str(part) for part in detail["loc"]) or row,
            "tool-malformed",
            f"{'.'.join(str(part) for part in detail['loc']) or row}: {detail['msg']}.",
        )
        for detail in error.errors(include_url=False, include_input=False)
    ]


def read_scales(text: str) -> tuple[Scale, ...]:
    """The scales of a YAML list. Raises `Refused` with every fault."""
    data = _parse(text)
    if not isinstance(data, list):
        raise Refused("A file of scales is a list of scales.", code="tool-malformed")
    try:
        return tuple(Scale.model_validate(entry) for entry in data)
    except ValidationError as error:
        raise Refused(_faults(error, "scales")) from None


def read_tool(text: str, known: Mapping[str, Scale]) -> ToolDefinition:
    """A tool from YAML. A scale is written out, or named (``id@version``) from those `known`.

    Raises:
        Refused: unreadable, or not a tool; every fault named by its place.
    """
    data = _parse(text)
    if not isinstance(data, dict):
        raise Refused("An audit tool is a mapping of its parts.", code="tool-malformed")
    scales: list[Any] = []
    for entry in data.get("scales") or []:
        if isinstance(entry, str):
            if entry not in known:
                raise Refused(f"There is no scale {entry}.", field="scales", code="scale-unknown")
            scales.append(known[entry])
        else:
            scales.append(entry)
    try:
        return ToolDefinition.model_validate({**data, "scales": scales})
    except ValidationError as error:
        raise Refused(_faults(error, "tool")) from None


def write_tool(tool: ToolDefinition) -> str:
    """The tool as YAML that `read_tool` reads back to the same definition."""
    data = tool.model_dump(mode="json", exclude_defaults=True)
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    return text


def shipped_scales() -> tuple[Scale, ...]:
    return read_scales(files("qa.audit_tools.shipped").joinpath("scales.yaml").read_text("utf-8"))


def shipped_tools() -> Sequence[ToolDefinition]:
    """The tools of audits that come with Caseloop."""
    return _shipped(SHIPPED_TOOLS)


def shipped_checks() -> Sequence[ToolDefinition]:
    """The tools of supervision checks that come with Caseloop."""
    return _shipped(SHIPPED_CHECKS)


def _shipped(names: Sequence[str]) -> Sequence[ToolDefinition]:
    known = {scale.key: scale for scale in shipped_scales()}
    return [
        read_tool(
            files("qa.audit_tools.shipped").joinpath(f"{name}.yaml").read_text("utf-8"), known
        )
        for name in names
    ]
