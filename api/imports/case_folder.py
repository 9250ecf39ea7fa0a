"""A folder of files that belong together, brought in by one command as its ``case.yaml`` says.

    plan: {title: …, board: …, scale: id@version, since: 2016-12-01, tiers: [Theme, Recommendation]}
    imports:
      - {kind: rag-scale, file: scale.yaml}
      - {kind: plan, file: recommendations.csv, map: {ref: part, text: part_title}}
      - {kind: assessments, file: actions.csv, as_at: 2021-01-19, map: {rag: level}}

Each line is one `caseloop import KIND FILE` with its options (`answers` holds all else that can be
said of a file): a batch of its own, which a second
run adds nothing to and which is undone alone. `plan` is said once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.files.tables import SheetRows
from api.imports.import_command import Given, ImportResult, carry_out, free_for_rejects
from api.imports.mapping import IGNORE
from api.imports.run import DEFAULT_TOOL, Kind, read_rows
from qa.core.carry import carry
from qa.core.errors import Fault, Refused
from qa.core.yaml_files import load_yaml

MANIFEST = "case.yaml"


class _CasePart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Plan(_CasePart):
    title: str = ""
    board: str = ""
    scale: str = ""
    since: date | None = None
    tiers: tuple[str, ...] = ()


class _Line(_CasePart):
    kind: Kind
    file: str
    map: dict[str, str | None] = {}
    answers: ImportAnswers = ImportAnswers()
    sheet: str | None = None
    as_at: date | None = None
    since: date | None = None
    year: str = ""
    source: str = ""
    tool: str = DEFAULT_TOOL
    skip_bad: bool = False
    scale: dict[str, str | int] = {}


class _CaseDescription(_CasePart):
    case: str = ""
    about: str = ""
    plan: _Plan = _Plan()
    imports: tuple[_Line, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of a case, ready to be brought in."""

    kind: Kind
    file: Path
    sheet: SheetRows
    about: AboutPlan
    tool: str
    skip_bad: bool
    answers: ImportAnswers
    heading: list[str] = field(default_factory=list)

    def carry_out(self, *, dry_run: bool, rejects: Path | None = None) -> ImportResult:
        """Bring it in; the rejected rows go into the folder `rejects`, or beside the file."""
        given = Given(
            self.file,
            heading=self.heading,
            dry_run=dry_run,
            skip_bad=self.skip_bad,
            rejects=None if rejects is None else free_for_rejects(rejects / self.file.name),
        )
        return carry_out(
            self.kind,
            given,
            tool=self.tool,
            about=self.about,
            sheet=self.sheet,
            answers=self.answers,
        )


def read_case(folder: Path) -> list[CaseFile]:
    """The files of a case in order, all read before the first is brought in.

    Raises:
        Refused: there is no manifest, something in it is not understood, or a file is missing.
    """
    case = _manifest(folder / MANIFEST)
    steps = []
    for line in case.imports:
        file = folder / line.file
        if not file.resolve().is_relative_to(folder.resolve()):
            raise Refused(f"{line.file} is not in the folder.", field="file", code="file-outside")
        try:
            data = file.read_bytes()
        except OSError:
            raise Refused(f"{file} cannot be opened.", code="file-unreadable") from None
        sheets = line.answers.sheets
        sheet, of_scale = read_rows(line.kind, file.name, data, sheet=line.sheet, sheets=sheets)
        steps.append(
            carry(
                CaseFile,
                line,
                file=file,
                sheet=sheet,
                about=_about(case.plan, line, of_scale),
                heading=[f"{theirs}={ours or IGNORE}" for theirs, ours in line.map.items()],
            )
        )
    return steps


def _about(plan: _Plan, line: _Line, of_scale: Mapping[str, str]) -> AboutPlan:
    return carry(
        AboutPlan,
        plan,
        plan=plan.title,
        since=line.since or plan.since,
        year=line.year,
        source=line.source,
        as_at=line.as_at,
        of_scale={**of_scale, **{name: str(value) for name, value in line.scale.items()}},
    )


def _manifest(path: Path) -> _CaseDescription:
    try:
        content: Any = load_yaml(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise Refused(f"{path} cannot be read as YAML.", field="case", code="bad-case") from None
    try:
        return _CaseDescription.model_validate(content)
    except ValidationError as error:
        raise Refused(
            [
                Fault(
                    ".".join(map(str, one["loc"])),
                    "bad-case",
                    f"{path.name}: {one['msg']}.",
                    value=str(one["input"])[:80],
                )
                for one in error.errors()
            ]
        ) from None
