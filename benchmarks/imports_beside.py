"""What other people wait for while a file of 50,000 rows is recorded: two lists over the API.

    PYTHONPATH=src:. python -m benchmarks.imports_beside [--rows N] [--seconds N] [--engine sqlite]

One server process is asked for the two lists in turn, alone and then while a program sends it the
file. The goal is that 95 of 100 answers take under twice as long as without the file.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import quantiles

import httpx

from benchmarks.common import on_each
from benchmarks.imports import ours, write
from benchmarks.two_nodes import V1, free_ports, nodes
from qa.core.clock import SystemClock
from qa.store.store import Store
from tests.support.council import Council

LISTS = (f"{V1}/case-audits?limit=50", f"{V1}/actions?limit=50")


def asked(port: int, secret: str, seconds: float, pause: float) -> list[float]:
    """How long each answer took, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.perf_counter()
        headers = {"Authorization": f"Bearer {secret}"}
        connection.request("GET", LISTS[len(took) % len(LISTS)], headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        took.append(1000 * (time.perf_counter() - begun))
        time.sleep(pause)
    connection.close()
    return took


def measure(engine: str, fresh: Callable[[str], str], given: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp())
    before, sent = folder / "before.csv", folder / "sent.csv"
    write(before, given.rows // 10)
    write(sent, given.rows)
    sent.write_text(sent.read_text().replace("\nB-", "\nN-"))
    url = fresh(engine)
    council = Council.open(url, SystemClock(), folder)  # type: ignore[arg-type]
    ours(council.services, before, dry_run=False)
    secret = council.token("lead", "read", "write")
    council.services.store.close()
    (port,) = free_ports(1)
    environment = {"CASELOOP_STORE": url, "CASELOOP_KEY_FILE": str(folder / "council.key")}
    answers: list[int] = []
    with nodes(environment, [port], workers=1):
        asked(port, secret, 3, given.pause)
        alone = asked(port, secret, given.seconds, given.pause)
        sender = threading.Thread(target=_send, args=(port, secret, sent, answers), daemon=True)
        sender.start()
        log = Store(url, clock=SystemClock())
        begun = log.head()
        while sender.is_alive() and log.head() == begun:
            time.sleep(0.05)  # It is read and checked first, which writes nothing.
        begun = log.head()
        beside = asked(port, secret, given.seconds, given.pause)
        through = f"{log.head() - begun} rows of it" + (", the last" if answers else "")
        log.close()
        for words, took in (("alone", alone), (f"beside {through}", beside)):
            cuts = quantiles(took, n=100)
            print(
                f"{engine}, {words}: {len(took)} answers, half within {cuts[49]:.0f} ms, "
                f"95 of 100 within {cuts[94]:.0f} ms, the slowest {max(took):.0f} ms {answers}",
                flush=True,
            )


def _send(port: int, secret: str, file: Path, answers: list[int]) -> None:
    """Send the file. Where the server ends before all is recorded, there is no answer."""
    with file.open("rb") as data, httpx.Client(timeout=None) as client, suppress(httpx.HTTPError):
        answer = client.post(
            f"http://127.0.0.1:{port}{V1}/imports/audits",
            files={"file": (file.name, data, "text/csv")},
            headers={"Authorization": f"Bearer {secret}"},
        )
        answers.append(answer.status_code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.02, help="between two questions, seconds")
    on_each(parser, measure)


if __name__ == "__main__":
    main()
