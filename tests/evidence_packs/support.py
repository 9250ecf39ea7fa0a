"""Runs the verifier of a pack as an outsider would: a bare Python, nothing of ours on its path."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from api.evidence_packs.making import Pack, make
from api.evidence_packs.outside import verify
from api.evidence_packs.scope_request import ScopeRequest
from api.web.moments import as_at
from qa.ledger.checkpoints import Signed
from qa.ledger.note import SigningKey, signed_text
from qa.people import handlers as people
from qa.people.commands import OPERATOR, RenamePerson
from tests.inspections.support import opened
from tests.support.council import Council

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


@dataclass(frozen=True)
class Made:
    """A council with one child's records in a pack, and a checkpoint from before and after."""

    council: Council
    child: str
    pack: Pack
    before: Signed
    after: Signed
    key: str


def pack_of(
    council: Council, asked: ScopeRequest, who: str = "lead", position: int | None = None
) -> Pack:
    store, actor = council.services.store, council.actor(who)
    with store.reading() as connection:
        at = as_at(store, connection, position=position, pin=actor.pin)
    return make(council.services, actor, asked, at)


def of_a_room_with_a_renamed_auditor(council: Council) -> Pack:
    """What an inspector takes out of two audits, by an auditor who was renamed between them and
    once more since."""
    desk, auditor = council.services.desk, council.ids["auditor"]

    def rename(name: str) -> None:
        people.rename_person(desk, RenamePerson(person=auditor, name=name), by=OPERATOR)

    council.submitted(child="C-11")
    rename("Alex Newname")
    council.submitted(child="C-12")
    opened(council, cases=("C-11", "C-12"))
    rename("Alex Latername")
    return pack_of(council, ScopeRequest(everything=True), "nobody")


# RFC 8032 section 7.1, TEST 1 to 3: public key, message, signature.
RFC8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
        "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
        "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def named(files: dict[str, bytes]) -> str:
    """What the verifier finds wrong with a pack of these files."""
    return "\n".join(f"{name}: {what}" for name, what in wrong_with(verify.archive(files)))


def wrong_with(content: bytes) -> list[tuple[str, str]]:
    report = verify.Report()
    try:
        verify.check(verify.unpacked(content, report), report, [], [], [])
    except verify.Wrong as wrong:
        report.bad(wrong.file, wrong.what)
    return report.wrong


def remade(files: dict[str, bytes], key: SigningKey, **others: bytes) -> bytes:
    """The pack as somebody makes it who signs with `key` and changed some files on the way."""
    held = {k: v for k, v in {**files, **others}.items() if not k.startswith("manifest.")}
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in held.items()
    }
    written = json.dumps(manifest).encode()
    digest = base64.b64encode(sha256(written).digest()).decode()
    seal = signed_text(f"{key.name} evidence pack\n{digest}\n", key).encode()
    return verify.archive({**held, "manifest.json": written, "manifest.note": seal})


def _events(files: dict[str, bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in files["facts/facts.jsonl"].decode().split("\n") if line]


def _written(events: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


def drop_one(events: list[dict[str, object]]) -> None:
    del events[1]


def another_date(events: list[dict[str, object]]) -> None:
    events[1]["recorded_us"] = 1


def other_bytes(events: list[dict[str, object]]) -> None:
    events[1]["state"] = base64.b64encode(b"{}").decode()


def held(tmp_path: Path, note: str) -> str:
    path = tmp_path / "held.note"
    path.write_text(note, "utf-8")
    return str(path)


FACTS = "facts/facts.jsonl"


def spoilt(made: Made, change: Callable[[list[bytes]], object], name: str = FACTS) -> bytes:
    """The pack with the lines of one of its files changed, signed anew."""
    files = files_of(made.pack.content)
    rows = files[name].split(b"\n")[:-1]
    change(rows)
    ring = made.council.services.ledger.keys.ring()
    return remade(files, ring.current, **{name: b"\n".join(rows) + b"\n"})


def put(number: int, line: bytes) -> Callable[[list[bytes]], object]:
    return lambda rows: rows.__setitem__(slice(number - 1, number), [line])


UNREADABLE = [b"{", b"null", b"[]", b"{}", b"\xff\xfe", b'{"position": "2"}', b"{" * 9999]
