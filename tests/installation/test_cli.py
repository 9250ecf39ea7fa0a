"""Nodes that are started at once: on a new store each of them ends up serving."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from typing import Any

import pytest

from api.services import build
from api.settings import Settings
from tests.conftest import FreshUrl

ROOT = Path(__file__).parents[2]
NODES = 2


def free_ports() -> list[int]:
    held = [create_server(("127.0.0.1", 0)) for _ in range(NODES)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


@contextmanager
def started(url: str, folder: Path, *commands: tuple[str, ...]) -> Iterator[list[Any]]:
    """Processes of the command line, started one right after the other."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "CASELOOP_STORE": url,
        "CASELOOP_KEY_FILE": str(folder / "council.key"),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "api.cli", *words], cwd=folder, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for words in commands
    ]  # fmt: skip
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.communicate(timeout=30)


def health(port: int, process: Any) -> dict[str, Any]:
    """What a node says of itself, once it listens."""
    for _ in range(600):
        assert process.poll() is None, process.communicate()[1]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")


@pytest.mark.slow
def test_nodes_that_start_at_once_on_a_new_store_all_serve(
    fresh_url: FreshUrl, tmp_path: Path
) -> None:
    with fresh_url() as url:
        made = build(Settings(store=url, key_file=tmp_path / "council.key"), make_key=True)
        made.initialise()
        made.store.close()
        ports = free_ports()
        with started(url, tmp_path, *(("serve", f"--port={port}") for port in ports)) as nodes:
            for port, node in zip(ports, nodes, strict=True):
                found = health(port, node)
                assert (found["status"], found["saving"]) == ("ok", "ok")
