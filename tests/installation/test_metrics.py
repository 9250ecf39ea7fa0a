"""Counters of several server processes are one."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.council import Council

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def get(address: str) -> str:
    """Over a connection of its own, so that either process may answer."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())


@pytest.fixture
def served_by_two(small_council: Council, tmp_path: Path) -> Iterator[str]:
    """The address of two server processes, whose passing files lie in `tmp_path`."""
    settings = small_council.services.settings
    address = f"http://127.0.0.1:{(port := free_port())}"
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--workers", "2", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "CASELOOP_STORE": settings.store,
            "CASELOOP_KEY_FILE": str(settings.key_path),
            "TMPDIR": str(tmp_path),
        },
    )
    try:
        for _ in range(600):
            try:
                get(f"{address}/healthz")
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert folders(tmp_path) == [], "the files that were counted in are gone"


def folders(inside: Path) -> list[Path]:
    return list(inside.glob("caseloop-metrics-*"))


def counted(text: str) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in re.findall(r"^(caseloop_request\S*_total\S*) (\S+)$", text, re.M)
    }


@pytest.mark.slow
def test_counters_of_two_processes_never_run_backwards(served_by_two: str, tmp_path: Path) -> None:
    [folder] = folders(tmp_path)
    answered = 'caseloop_requests_total{method="GET",status="2xx"}'
    before: dict[str, float] = {}
    # The first one asked for health.
    made, added_up = 1, False
    for round in range(300):
        get(f"{served_by_two}/accessibility")
        now = counted(get(f"{served_by_two}/metrics"))
        assert all(now[name] >= value for name, value in before.items())
        # A request is counted a moment after its answer went out, so that some may be missing.
        made += 1
        assert now[answered] <= made
        added_up = added_up or now[answered] == made
        made += 1
        before = now
        both = len(list(folder.glob("counter_*.db"))) == 2
        if round > 40 and both and added_up:
            break
    assert both, "only one of two processes answered"
    assert added_up
    assert before["caseloop_request_seconds_total"] > 0
