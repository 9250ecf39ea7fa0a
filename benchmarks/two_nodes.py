"""Two nodes of two workers on one PostgreSQL, and 120 clients that read and write for a minute.

    PYTHONPATH=src:. python -m benchmarks.two_nodes [--seconds N] [--clients N] [--connections N]

Every client keeps one connection to one node and asks again as soon as it is answered: of ten
requests nine read (the worklist, the list of audits, one audit, its history) and one allocates an
audit. No answer may be 5xx, and the processes together hold no more connections to the database
than nodes × workers × `CASELOOP_CONNECTIONS`, beside those that wait for notifications.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles

import psycopg

from benchmarks.common import databases
from qa.core.clock import SystemClock

NODES, WORKERS = 2, 2
V1 = "/api/v1"


@contextmanager
def nodes(environment: dict[str, str], ports: list[int], workers: int = WORKERS) -> Iterator[None]:
    """The nodes, started at once, for as long as the block lasts."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", f"--workers={workers}", f"--port={port}"],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
        )
        for port in ports
    ]  # fmt: skip
    try:
        for port in ports:
            _listening(port)
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _listening(port: int) -> None:
    for _ in range(1800):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing listens on {port}")


def free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


class Load:
    """What the clients saw: how often each status, and how long each answer took."""

    def __init__(self, secret: str, audits: list[str], allocation: dict[str, str]) -> None:
        self.secret, self.audits, self.allocation = secret, audits, allocation
        self.statuses: Counter[int] = Counter()
        self.refusals: Counter[bytes] = Counter()
        self.took: list[float] = []
        self._lock = threading.Lock()
        self._children = count(100_000)

    def client(self, number: int, port: int, until: float) -> None:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        turn = number
        while time.monotonic() < until:
            verb, path, body = self._request(turn)
            begun = time.monotonic()
            connection.request(verb, path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            with self._lock:
                self.statuses[answer.status] += 1
                self.took.append(time.monotonic() - begun)
                if answer.status >= 400:
                    self.refusals[said[:200]] += 1
            turn += 1
        connection.close()

    def _request(self, turn: int) -> tuple[str, str, bytes | None]:
        audit = self.audits[turn % len(self.audits)]
        if turn % 10 == 0:
            # A child of its own each time: a file is audited once a year.
            child = f"C-{next(self._children)}"
            return (
                "POST",
                f"{V1}/case-audits",
                json.dumps({**self.allocation, "child": child}).encode(),
            )
        paths = (
            f"{V1}/worklist",
            f"{V1}/case-audits",
            f"{V1}/case-audits/{audit}",
            f"{V1}/history?record=audit:{audit}",
        )
        return "GET", paths[turn % len(paths)], None


def most_connections(url: str, stop: threading.Event, found: list[int]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.wait(0.5):
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            ).fetchone()
            found.append(0 if row is None else int(row[0]))


def measure(url: str, given: argparse.Namespace) -> int:
    from tests.support.case_audits import allocation
    from tests.support.council import Council

    folder = Path(tempfile.mkdtemp())
    council = Council.open(url, SystemClock(), folder)  # type: ignore[arg-type]
    secret = council.token("lead", "read", "write")
    audits = [council.submitted() for _ in range(given.audits)]
    load = Load(secret, audits, allocation(council))
    store = council.services.settings.store
    council.services.store.close()
    ports = free_ports(NODES)
    environment = {
        "CASELOOP_STORE": store,
        "CASELOOP_KEY_FILE": str(folder / "council.key"),
        "CASELOOP_CONNECTIONS": str(given.connections),
    }
    counted: list[int] = []
    stop = threading.Event()
    watcher = threading.Thread(target=most_connections, args=(url, stop, counted))
    with nodes(environment, ports):
        watcher.start()
        until = time.monotonic() + given.seconds
        clients = [
            threading.Thread(target=load.client, args=(number, ports[number % NODES], until))
            for number in range(given.clients)
        ]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        stop.set()
        watcher.join()
    cuts = quantiles(load.took, n=100)
    failed = sum(times for status, times in load.statuses.items() if status >= 500)
    print(
        f"{given.clients} clients, {NODES} nodes × {WORKERS} workers, {given.connections} "
        f"connections each: {len(load.took)} answers in {given.seconds} s "
        f"({len(load.took) / given.seconds:.0f} a second)\n"
        f"  half within {cuts[49]:.2f} s, 95 of 100 within {cuts[94]:.2f} s, "
        f"the slowest {max(load.took):.2f} s\n"
        f"  by status: {dict(sorted(load.statuses.items()))}\n"
        f"  most connections to the database: {max(counted, default=0)}"
    )
    for said, times in load.refusals.most_common(5):
        print(f"  {times} × {said!r}")
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=120)
    parser.add_argument("--connections", type=int, default=48, help="of each worker")
    parser.add_argument("--audits", type=int, default=200, help="in the store to begin with")
    given = parser.parse_args()
    with databases(["postgres"]) as fresh:
        failed = measure(fresh("postgres"), given)
    if failed:
        raise SystemExit(f"{failed} answers of 5xx")


if __name__ == "__main__":
    main()
