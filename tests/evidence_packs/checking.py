"""Runs the verifier of a pack as an outsider would: a bare Python, nothing of ours on its path."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from api.evidence_packs.outside import verify

VERIFIER = Path(verify.__file__)


@dataclass(frozen=True)
class Said:
    """What the verifier said. `wrong`, `proven`, `unproven` are its three lists."""

    code: int
    text: str

    def _list(self, *titles: str) -> str:
        parts = self.text.split("\n\n")
        return next((part for part in parts if part.split("\n")[0] in titles), "")

    @property
    def wrong(self) -> str:
        return self._list("WRONG")

    @property
    def proven(self) -> str:
        return self._list("PROVEN", "HOLDS")

    @property
    def unproven(self) -> str:
        return self._list("NOT PROVEN")


def checked(folder: Path, content: bytes, *options: str) -> Said:
    """The verdict on a pack, by a Python without site packages or environment."""
    pack = folder / "pack.zip"
    pack.write_bytes(content)
    return checked_at(pack, *options)


def checked_at(path: Path, *options: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return Said(done.returncode, done.stdout)


def files_of(content: bytes) -> dict[str, bytes]:
    report = verify.Report()
    files = verify.unpacked(content, report)
    assert not report.wrong
    return files
