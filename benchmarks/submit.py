"""A whole HTTP submission against a plain service that saves the same work.

    PYTHONPATH=src:. python -m benchmarks.submit [--requests N] [--rounds N] [--engine sqlite]

Both are uvicorn processes on loopback with one worker, asked with the same JSON body and a token,
and answer after a durable commit. The plain one is FastAPI and SQLAlchemy as most would write it:
look the token up, validate the body, insert the audit with its judgements and action, and a history
row beside it. Ours also asks the policy table, checks the tool's rules, seals the texts, keeps
order and versions, picks the audit for moderation, and writes every read row.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.common import Contestant, databases, paired, report
from benchmarks.two_nodes import free_ports
from qa.audits.judgements import AuditContent
from qa.core.clock import SystemClock

CLIENTS = (1, 8)
TOKEN = "plain-token"


class Base(DeclarativeBase):
    pass


class TokenRow(Base):
    __tablename__ = "token"
    secret: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]


class AuditRow(Base):
    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    auditor: Mapped[str]
    status: Mapped[str]
    overall: Mapped[str]
    content: Mapped[str]
    submitted_at: Mapped[str]


class JudgementRow(Base):
    __tablename__ = "judgement"
    id: Mapped[int] = mapped_column(primary_key=True)
    audit: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)
    domain: Mapped[str]
    grade: Mapped[str | None]
    evidence: Mapped[str]


class HistoryRow(Base):
    __tablename__ = "history"
    id: Mapped[int] = mapped_column(primary_key=True)
    audit: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)
    by: Mapped[str]
    at: Mapped[str]
    what: Mapped[str]
    data: Mapped[str]


class Asked(BaseModel):
    content: AuditContent


def plain(url: str) -> FastAPI:
    """The service most would write, with a history row beside each change."""
    arguments: dict[str, Any] = {"pool_size": 40}
    engine = create_engine(url, **arguments)
    if url.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def _ready(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA busy_timeout=10000")

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.merge(TokenRow(secret=TOKEN, person="p1"))
        session.commit()
    app = FastAPI()

    def person(authorization: Annotated[str, Header()]) -> str:
        with Session(engine) as session:
            found = session.scalar(
                select(TokenRow).where(TokenRow.secret == authorization.removeprefix("Bearer "))
            )
        if found is None:
            raise HTTPException(401)
        return found.person

    @app.post("/audits/{reference}/submission", status_code=201)
    def submit(reference: str, body: Asked, who: str = Depends(person)) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        with Session(engine) as session:
            audit = AuditRow(
                reference=reference,
                auditor=who,
                status="submitted",
                overall=body.content.overall,
                content=body.content.model_dump_json(),
                submitted_at=now,
            )
            session.add(audit)
            session.flush()
            session.add_all(
                JudgementRow(audit=audit.id, domain=j.domain, grade=j.grade, evidence=j.evidence)
                for j in body.content.judgements
            )
            session.add(
                HistoryRow(
                    audit=audit.id,
                    by=who,
                    at=now,
                    what="submitted",
                    data=body.content.model_dump_json(),
                )
            )
            session.commit()
            return {"audit": audit.id, "status": audit.status}

    return app


def serve(kind: str, url: str, port: int) -> None:
    """One server process."""
    if kind == "plain":
        app = plain(url)
    else:
        from api.main import from_environment

        app = from_environment()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


class Server:
    """A server process and the requests that it has not been asked yet."""

    def __init__(self, kind: str, url: str, port: int, **environment: str) -> None:
        self.port = port
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.submit", "--serve", kind, url, str(port)],
            env={**os.environ, **environment},
        )
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the {kind} server did not start")

    def settle(self) -> None:
        """Wait until Caseloop has sealed and announced what the benchmark put in before it."""
        for _ in range(600):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/healthz")
            told = json.load(connection.getresponse())
            connection.close()
            if told["sealed"] == told["announced"] == told["position"]:
                return
            time.sleep(0.1)
        raise RuntimeError("the ledger or the outbox did not reach the head of the log")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def ask(port: int, requests: list[tuple[str, bytes, dict[str, str]]], clients: int) -> int:
    """Send every request over `clients` kept-alive connections; each must answer 201."""

    def some(mine: list[tuple[str, bytes, dict[str, str]]]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for path, body, headers in mine:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 201:
                raise RuntimeError(f"{answer.status}: {said[:300]!r}")
        connection.close()
        return len(mine)

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(some, [requests[n::clients] for n in range(clients)]))


def measure(engine: str, url: str, plain_url: str, given: argparse.Namespace) -> list[Any]:
    from tests.support.council import Council, content

    folder = Path(tempfile.mkdtemp())
    # A real clock: the servers read the machine's, and recorded time never goes back.
    council = Council.open(url, SystemClock(), folder)  # type: ignore[arg-type]
    secret = council.token("auditor", "read", "write")
    body = json.dumps(
        {"content": content(council.tool, council.today).model_dump(mode="json")}
    ).encode()
    headers = {"Content-Type": "application/json"}
    rounds = given.rounds + 1
    wanted = given.requests * rounds * len(CLIENTS)
    print(f"{engine}: allocating {wanted} audits …")
    audits = iter([council.allocated() for _ in range(wanted)])
    numbers = count(1)
    council.services.store.close()
    our_port, their_port = free_ports(2)
    ours = Server(
        "ours",
        url,
        our_port,
        CASELOOP_STORE=council.services.settings.store,
        CASELOOP_KEY_FILE=str(folder / "council.key"),
    )
    theirs = Server("plain", plain_url, their_port)

    def plain_requests(clients: int) -> Contestant:
        def run() -> int:
            sent = {**headers, "Authorization": f"Bearer {TOKEN}"}
            asked = [
                (f"/audits/CA-{next(numbers)}/submission", body, sent)
                for _ in range(given.requests)
            ]
            return ask(theirs.port, asked, clients)

        return run

    def our_requests(clients: int) -> Contestant:
        def run() -> int:
            sent = {**headers, "Authorization": f"Bearer {secret}", "If-Match": '"1"'}
            asked = [
                (f"/api/v1/case-audits/{next(audits)}/submission", body, sent)
                for _ in range(given.requests)
            ]
            return ask(ours.port, asked, clients)

        return run

    try:
        ours.settle()
        found = []
        for clients in CLIENTS:
            found += paired(
                f"{engine}: HTTP submissions, {clients} client{'s' * (clients > 1)}",
                {"plain service": plain_requests(clients), "Caseloop": our_requests(clients)},
                rounds=given.rounds,
            )
        return found
    finally:
        ours.stop()
        theirs.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60, help="a round")
    parser.add_argument("--rounds", type=int, default=13)
    parser.add_argument("--engine", choices=["sqlite", "postgres"])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--serve", nargs=3, metavar=("KIND", "URL", "PORT"))
    given = parser.parse_args()
    if given.serve:
        serve(given.serve[0], given.serve[1], int(given.serve[2]))
        return
    engines = [given.engine] if given.engine else ["sqlite", "postgres"]
    with databases(engines) as fresh:
        results = []
        for engine in engines:
            plain_url = fresh(engine)
            if urlsplit(plain_url).scheme == "postgresql":
                plain_url = plain_url.replace("postgresql://", "postgresql+psycopg://", 1)
            results += measure(engine, fresh(engine), plain_url, given)
    report(results, given.json)


if __name__ == "__main__":
    main()
