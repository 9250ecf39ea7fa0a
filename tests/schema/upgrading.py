"""Run by test_at_once: upgrades the store at a URL by the revisions of a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.schema.upgrade import Migration, upgrade
from qa.store.engine import Engines


def say(done: Migration) -> None:
    sys.stdout.write(f"{done.number}\n")


if __name__ == "__main__":
    upgrade(Engines(sys.argv[1]).writing, tell=say, versions=Path(sys.argv[2]))
