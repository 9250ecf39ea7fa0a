"""What one server process takes: until it answers, for a first and a second report, and in memory.

    PYTHONPATH=src:. python -m benchmarks.worker [--store ADDRESS] [--starts N] [--other DIR]

Starts `serve` over the demonstration (which it makes without `--store`), and signs in as a QA lead.
In turn with the code in `--other`, where that is given, it measures how long a start takes until
the first page is answered; then how long the first agreement report and the first concern take and
the second of each; then it asks for every kind of page and file that links lead to, twice, and
tells what the process holds in memory, and beside it the processes that make its documents.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from api.services import build
from api.settings import Settings
from benchmarks.pages import council, found_by, handles
from benchmarks.two_nodes import free_ports
from projections.people import queries as people_queries
from qa.security.accounts import sessions

REPORTS = ("/reports/agreement?by=quarter", "/reports/agreement?by=month")
REST_SECONDS = 6.0
"""Between a start and the first report: somebody signs in and finds it."""
HERE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Answer:
    """What `benchmarks.pages` asks of an answer."""

    status_code: int
    content: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


class Browser:
    """Somebody signed in, whose requests are measured: by the clock and by the processor of the
    server with all its processes."""

    def __init__(self, port: int, cookie: str, server: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"accept": "text/html", "cookie": cookie}
        self._server = server

    def get(self, path: str) -> Answer:
        self._connection.request("GET", path, headers=self._headers)
        found = self._connection.getresponse()
        headers = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, found.read(), headers)

    def took(self, path: str) -> str:
        begun, used = time.perf_counter(), processor(self._server)
        answer = self.get(path)
        spent = time.perf_counter() - begun, processor(self._server) - used
        assert answer.status_code == 200, (path, answer.status_code)
        return f"{1000 * spent[0]:6.0f} ms by the clock, {1000 * spent[1]:6.0f} of the processor"


def all_of(server: int) -> list[int]:
    """The server and the processes that it began, as Linux numbers them."""
    tasks = Path(f"/proc/{server}/task").glob("*/children")
    return [server, *(int(one) for task in tasks for one in task.read_text().split())]


def processor(server: int) -> float:
    """Seconds of the processor of all of them, for themselves and in the kernel."""
    told = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2] for one in all_of(server))
    spent = sum(int(part) for one in told for part in one.split()[11:13])
    return spent / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(code: Path, store: str, key: Path, port: int) -> Iterator[int]:
    environment = {
        **os.environ,
        "CASELOOP_STORE": store,
        "CASELOOP_KEY_FILE": str(key),
        "PYTHONPATH": os.pathsep.join((str(code / "src"), str(code))),
    }
    command = [sys.executable, "-m", "api.cli", "serve", f"--port={port}"]
    # Python looks for modules in the folder it is begun in before all others.
    started = subprocess.Popen(command, env=environment, cwd=code, stdout=subprocess.DEVNULL)
    try:
        yield started.pid
    finally:
        started.terminate()
        started.wait(30)


def until_answered(port: int) -> None:
    for _ in range(6000):
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            asked.request("GET", "/sign-in")
            assert asked.getresponse().status == 200
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("nothing answered")


def start(code: Path, store: str, key: Path) -> tuple[float, float]:
    """Seconds by the clock, and of the processor, until the first page is answered."""
    (port,) = free_ports(1)
    begun = time.perf_counter()
    with serving(code, store, key, port) as server:
        until_answered(port)
        return time.perf_counter() - begun, processor(server)


def memory(server: int) -> str:
    own, *others = (
        int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        for one in all_of(server)
    )
    return f"{own:.0f} MB, beside it {', '.join(f'{one:.0f}' for one in others) or 'nothing'}"


def measure(store: str, key: Path, rounds: int) -> None:
    services = build(Settings(store=store, key_file=key), make_key=False)
    with services.store.writing() as connection:
        person = people_queries.with_handle(connection, handles()["lead"])
        assert person is not None
        secret, _ = sessions.start(connection, services.clock, person=person)
    cookie = f"{services.settings.cookie_name}={secret}"
    services.store.close()
    (port,) = free_ports(1)
    with serving(HERE, store, key, port) as server:
        until_answered(port)
        browser = Browser(port, cookie, server)
        print(f"at the start: {memory(server)}")
        time.sleep(REST_SECONDS)
        home = browser.get("/")
        assert home.status_code == 200
        for number, path in enumerate(REPORTS, start=1):
            print(f"report {number}: {browser.took(path)}", flush=True)
        listed = browser.get("/safeguarding").text
        concerns = sorted(set(re.findall(r'href="(/audits/\w+/concerns/\w+)"', listed)))
        for number, path in enumerate(concerns[:2], start=1):
            print(f"concern {number}: {browser.took(path)}", flush=True)
        kinds = found_by(browser, 2000)  # type: ignore[arg-type]
        print(f"{len(kinds)} kinds of page, once: {memory(server)}", flush=True)
        for turn in range(rounds):
            for path, _ in kinds.values():
                browser.get(path)
            print(f"and again ({turn + 1}): {memory(server)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--other", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        key = given.key or Path(folder) / "demo.key"
        store = given.store or f"sqlite:///{folder}/demo.db"
        if not given.store:
            council(store, key, False).store.close()
        code = {"ours": HERE, **({"other": given.other} if given.other else {})}
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in code}
        for _ in range(given.starts):
            for name, where in code.items():
                took[name].append(start(where, store, key))
        for name, found in took.items():
            clock, used = (median(one[at] for one in found) for at in (0, 1))
            print(f"start, {name}: {clock:.2f} s by the clock, {used:.2f} s of the processor")
        measure(store, key, given.rounds)


if __name__ == "__main__":
    main()
