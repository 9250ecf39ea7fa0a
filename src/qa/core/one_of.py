"""A condition on a column that is one of many values, however many there are.

Either database takes so many parameters with one statement and no more (32,766 and 65,535). A few
values are written out, as either plans best; more go as one parameter, a list in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

FEW = 100


class _Listed(FunctionElement[Any]):
    """The values of a list in JSON, as a table of one column."""

    inherit_cache = True


@compiles(_Listed, "sqlite")
def _on_sqlite(listed: _Listed, compiler: SQLCompiler, **more: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(listed.clauses, **more)}))"


@compiles(_Listed, "postgresql")
def _on_postgres(listed: _Listed, compiler: SQLCompiler, **more: Any) -> str:
    kind = compiler.dialect.type_compiler_instance.process(listed.type)
    given = compiler.process(listed.clauses, **more)
    return f"(SELECT CAST(one AS {kind}) FROM json_array_elements_text(CAST({given} AS json)) one)"


def one_of(
    column: ColumnElement[Any], values: Iterable[str] | Iterable[int]
) -> ColumnElement[bool]:
    """Whether the column holds one of the texts or numbers."""
    wanted = sorted(set[Any](values))
    if len(wanted) <= FEW:
        return column.in_(wanted)
    listed = _Listed(literal(json.dumps(wanted), Text))
    listed.type = column.type
    return column.bool_op("IN")(listed)
