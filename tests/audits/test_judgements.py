"""The model of an audit's content: what is added to it is found everywhere, without a line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from api.audits.sections import LAID_OUT

ROOT = Path(__file__).parents[2]


def test_a_text_added_to_the_model_is_found_everywhere() -> None:
    """In a process of its own, which never loads the model as it is."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.more_fields", "-n", "0", "-q",
         "-p", "no:cacheprovider", "tests/support/found_everywhere.py"],
        cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "1 passed" in run.stdout


def test_the_pages_lay_out_fields_that_there_are() -> None:
    for model, names in LAID_OUT.items():
        assert names <= set(model.model_fields), model.__name__
