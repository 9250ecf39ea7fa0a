"""What is said of a kind of file, kept by name: what is asked for, and how it is carried out."""

from __future__ import annotations

from typing import Annotated, Any

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.carry import carry
from qa.core.command import Command
from qa.core.errors import Refused
from qa.core.event import RecordedEvent
from qa.core.fields import FieldWords, short_text
from qa.core.frozen import Frozen
from qa.core.words import SOMEWHERE, code_of
from qa.imports.events import ImportMappingKept, KeptAnswer, mapping_stream


class ImportMappingMade(Frozen):
    """The id of the mapping, and its version."""

    mapping: str
    version: int


class KeepImportMapping(Command, result=ImportMappingMade):
    """Keep what is said of a kind of file under a name, to be proposed for the next one."""

    kind: Annotated[str, FieldWords(label="Kind of file")]
    name: Annotated[str, short_text("Name", missing="Give what you keep a name.", longest=100)]
    headings: Annotated[tuple[str, ...], FieldWords(label="Headings")]
    answers: Annotated[tuple[KeptAnswer, ...], FieldWords(label="Answers")]


def _latest(
    state: ImportMappingKept | None, recorded: RecordedEvent[Any]
) -> ImportMappingKept | None:
    return recorded.event if isinstance(recorded.event, ImportMappingKept) else state


def same_name(other: str, name: str) -> None:
    """Raises `Refused` where another mapping has the id that this name gives."""
    if other.casefold() != name.casefold():
        sentence = f"“{name}” is too like “{other}”, which is kept already. Choose another name."
        raise Refused(sentence, field="name", code="mapping-name-alike")


@handles(KeepImportMapping)
def keep_mapping(command: KeepImportMapping, work: Work) -> ImportMappingMade:
    work.require("send-file", SOMEWHERE)
    command.refuse_faults()
    mapping = f"{command.kind}.{code_of(command.name) or 'mapping'}"
    latest = work.unit.load(mapping_stream(mapping), _latest, None)
    kept = carry(
        ImportMappingKept,
        command,
        mapping=mapping,
        version=1 if latest is None else latest.version + 1,
    )
    if latest is not None:
        same_name(latest.name, kept.name)
        if latest.model_dump(exclude={"version"}) == kept.model_dump(exclude={"version"}):
            return ImportMappingMade(mapping=mapping, version=latest.version)
    work.append(mapping_stream(mapping), kept)
    return ImportMappingMade(mapping=mapping, version=kept.version)
