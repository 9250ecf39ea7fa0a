"""The codes of what is refused on a page or on the command line, where only sentences are shown."""

from __future__ import annotations

from typing import Any

import pytest

from api.cli import output
from api.web import changes, forms, problems
from qa.core.errors import CaseloopError, Refused


class ToldCodes(list[str]):
    """Every code that was told, in order; asking takes them."""

    def taken(self) -> list[str]:
        found, self[:] = list(dict.fromkeys(self)), []
        return found


@pytest.fixture
def told_codes(monkeypatch: pytest.MonkeyPatch) -> ToldCodes:
    told = ToldCodes()

    def hear(error: CaseloopError) -> None:
        told.extend([f.code for f in error.faults] if isinstance(error, Refused) else [error.code])

    made, answer, refusal = forms.Errors.__init__, problems.answer, output.refusal
    changed = changes.changed

    def on_page(self: Any, faults: Any = (), order: Any = ()) -> None:
        made(self, faults, order)
        told.extend(fault.code for fault in self.faults)

    def as_page(request: Any, error: CaseloopError, reference: Any = None) -> Any:
        hear(error)
        return answer(request, error, reference)

    def as_changed(change: Any, conflict: CaseloopError, **more: Any) -> Any:
        hear(conflict)
        return changed(change, conflict, **more)  # type: ignore[arg-type]

    def on_command_line(error: CaseloopError) -> int:
        hear(error)
        return refusal(error)

    monkeypatch.setattr(forms.Errors, "__init__", on_page)
    monkeypatch.setattr(changes, "changed", as_changed)
    monkeypatch.setattr(problems, "answer", as_page)
    monkeypatch.setattr(output, "refusal", on_command_line)
    return told
