#!/usr/bin/env python3
"""Checks a Caseloop evidence pack. Needs Python 3.9 or later, nothing else, and no network.

    python3 verify.py PACK [--key KEY] [--checkpoint NOTE] [--consistency FILE]

PACK         the pack, a zip file, or the folder it was unpacked into
KEY          the council's public key, got from elsewhere than the pack: the text, or a file
NOTE         a signed checkpoint got from elsewhere (board minutes, a mailbox); may be repeated
FILE         a consistency proof asked of the council, for a note the pack has no proof for

It says what is proven, what is not, and what is wrong. Exit code 0: nothing is wrong; 1: something
is; 2: the command is malformed. The formats: RFC 9162 (Merkle tree), RFC 8032 (Ed25519), C2SP
signed-note and tlog-checkpoint; the leaf of an event is described at `leaf` below.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

Files = dict[str, bytes]
MANIFEST, SEAL = "manifest.json", "manifest.note"
FACTS = "facts/facts.jsonl"
NAMES = "facts/names.jsonl"
NAMED_BY = (NAMES, "proofs/names.json", FACTS, "proofs/inclusion.json")
NAMING = {"PersonAdded": "name", "PersonRenamed": "new"}
MONTH_ONE = 0x21
"""1 January 1980 as zip files write it: a pack's bytes do not depend on when it was made."""


class Wrong(Exception):
    """Something is not as it must be: the file concerned, and what is wrong with it."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(what)
        self.file = file
        self.what = what


# Ed25519, RFC 8032 section 5.1, points as (X, Y, Z, T).
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _point(text: bytes) -> Point | None:
    """RFC 8032 section 5.1.3."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = _point(bytes([0x58]) + bytes([0x66]) * 31)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is by this key. RFC 8032 section 5.1.7."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or BASE is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(s, BASE)
    right = _add(r, _times(int.from_bytes(digest, "little") % ORDER, key))
    return (
        left[0] * right[2] % P == right[0] * left[2] % P
        and left[1] * right[2] % P == right[1] * left[2] % P
    )


# The zip file: every file stored as it is, in the order of the names, with fixed headers.
def _header(name: bytes, data: bytes) -> bytes:
    return struct.pack(
        "<HHHHHLLLH",
        20, 0x800, 0, 0, MONTH_ONE, zlib.crc32(data), len(data), len(data), len(name),
    )  # fmt: skip


def archive(files: Files) -> bytes:
    """The one zip file that holds these files."""
    body, directory = [], []
    at = 0
    for path in sorted(files):
        name, data = path.encode(), files[path]
        entry = b"PK\3\4" + _header(name, data) + b"\0\0" + name + data
        directory.append(
            b"PK\1\2\24\3" + _header(name, data) + struct.pack("<HHHHLL", 0, 0, 0, 0, 0, at) + name
        )
        body.append(entry)
        at += len(entry)
    listed = b"".join(directory)
    count = len(files)
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, count, count, len(listed), at, 0)
    return b"".join(body) + listed + end


def unpacked(whole: bytes, report: Report) -> Files:
    """The files of the zip file; anything in it that no maker of packs wrote is reported."""
    files: Files = {}
    at, name = 0, "the zip file"
    while whole[at : at + 4] == b"PK\3\4" and len(whole) >= at + 30:
        size, long, extra = struct.unpack("<LHH", whole[at + 22 : at + 30])
        start = at + 30 + long + extra
        name = whole[at + 30 : at + 30 + long].decode("utf-8", "replace")
        if name in files:
            report.bad(name, "is in the pack twice")
        files[name] = whole[start : start + size]
        if whole[at : at + 30] != b"PK\3\4" + _header(name.encode(), files[name]) + b"\0\0":
            report.bad(name, "its header in the zip file was altered, or the pack zipped anew")
        at = start + size
    if not files:
        raise Wrong("the zip file", "this is no evidence pack (if zipped anew, unpack it first)")
    if not report.wrong and archive(files) != whole:
        report.bad("the zip file", f"was altered after {name}: its directory is not as it was made")
    return files


def folder(path: Path) -> Files:
    """The files of an unpacked pack."""
    found = (each for each in sorted(path.rglob("*")) if each.is_file())
    return {
        each.relative_to(path).as_posix(): each.read_bytes()
        for each in found
        if "__pycache__" not in each.parts
    }


# The Merkle tree, RFC 9162 section 2.1.
def leaf(event: dict[str, Any], state: bytes) -> bytes:
    """SHA-256 over: 00, "caseloop-fact-1\\n", position (8 bytes), version (4), recorded_us (8),
    length (2) and UTF-8 of the stream, length (2) and UTF-8 of the type, SHA-256 of the stored
    bytes. Numbers have their highest byte first."""
    stream, kind = event["stream"].encode(), event["type"].encode()
    numbers = struct.pack(">QIQ", event["position"], event["version"], event["recorded_us"])
    names = struct.pack(">H", len(stream)) + stream + struct.pack(">H", len(kind)) + kind
    whole = b"\0caseloop-fact-1\n" + numbers + names + hashlib.sha256(state).digest()
    return hashlib.sha256(whole).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def included(index: int, size: int, found: bytes, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2; `index` counts from 0."""
    if not 0 <= index < size:
        return False
    last = size - 1
    for each in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = _node(each, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = _node(found, each)
        index, last = index >> 1, last >> 1
    return last == 0 and found == root


def consistent(first: int, second: int, old: bytes, new: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2."""
    if first == second:
        return not proof and old == new
    if not 0 < first < second:
        return False
    path = ([old] if first & (first - 1) == 0 else []) + proof
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    one = other = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            one, other = _node(each, one), _node(each, other)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            other = _node(other, each)
        at, last = at >> 1, last >> 1
    return last == 0 and one == old and other == new


# Keys and notes, C2SP signed-note.
class Key:
    """A public key, written name+id+base64."""

    def __init__(self, text: str, file: str) -> None:
        try:
            self.text = text.strip()
            self.name, number, value = self.text.split("+", 2)
            raw = base64.b64decode(value, validate=True)
        except ValueError:
            raise Wrong(file, "holds something that is not a key") from None
        self.public = raw[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if len(raw) != 33 or raw[0] != 1 or self.id.hex() != number:
            raise Wrong(file, "holds a key that is spoilt")
        digest = hashlib.sha256(raw).hexdigest()
        self.fingerprint = " ".join(digest[n : n + 4] for n in range(0, 64, 4))


class Note:
    """A signed text."""

    def __init__(self, whole: bytes, file: str) -> None:
        self.file = file
        try:
            body, gap, below = whole.decode().partition("\n\n")
            self.text = body + "\n"
            self.lines = body.split("\n")
            self.signatures = []
            for line in below[:-1].split("\n"):
                dash, name, value = line.split(" ")
                if dash != "—" or not gap or below[-1] != "\n":
                    raise ValueError
                self.signatures.append((name, base64.b64decode(value, validate=True)))
        except (ValueError, IndexError):
            raise Wrong(file, "is no signed note") from None

    def signed(self, key: Key) -> bool:
        return any(
            name == key.name
            and signature[:4] == key.id
            and ed25519(key.public, self.text.encode(), signature[4:])
            for name, signature in self.signatures
        )


class Checkpoint(Note):
    """A note that promises: the first `size` events of the log `origin` have this root."""

    def __init__(self, whole: bytes, file: str) -> None:
        super().__init__(whole, file)
        try:
            self.origin, size, root, self.time = self.lines
            self.size, self.root = int(size), base64.b64decode(root, validate=True)
            if str(self.size) != size or len(self.root) != 32 or self.time[:5] != "time ":
                raise ValueError
        except ValueError:
            raise Wrong(file, "is no checkpoint") from None


class Report:
    """What was found, in the order in which it is told."""

    def __init__(self) -> None:
        self.proven: list[str] = []
        self.unproven: list[str] = []
        self.wrong: list[tuple[str, str]] = []
        self.unread: list[int] = []  # lines of FACTS

    def bad(self, file: str, what: str) -> None:
        if (file, what) not in self.wrong:
            self.wrong.append((file, what))

    def text(self) -> str:
        parts = []
        for title, lines in (
            ("WRONG", [f"{file}: {what}" for file, what in self.wrong]),
            ("PROVEN" if not self.wrong else "HOLDS", self.proven),
            ("NOT PROVEN", self.unproven),
        ):
            parts += [title, *[f"  - {line}" for line in lines or ["nothing"]], ""]
        whole = "SOMETHING IS WRONG." if self.wrong else "Nothing is wrong."
        return "\n".join([*parts, whole, ""])


# The pack.
def check(
    files: Files, report: Report, given: list[Key], notes: list[Checkpoint], proofs: list[Any]
) -> None:
    """Check everything there is to check. What is wrong with one file does not hide the others."""
    try:
        entries = json.loads(files["keys/public-keys.json"])["keys"]
        keys = [Key(each["key"], "keys/public-keys.json") for each in entries]
        trusted = _trusted(files, given or keys, keys)
    except (KeyError, ValueError, TypeError, Wrong):
        report.bad("keys/public-keys.json", "is missing or cannot be read")
        trusted = given
    if not given:
        report.unproven.append(
            "Whose signature this is. Compare the key's fingerprint with the one that the council"
            " gave you in person, or give the key with --key: "
            + "; ".join(key.fingerprint for key in trusted)
        )
    _attempt(report, MANIFEST, lambda: _manifest(files, report, trusted))
    checkpoint: list[Checkpoint] = []
    _attempt(
        report,
        "proofs/checkpoint.note",
        lambda: checkpoint.append(_checkpoint(files, "proofs/checkpoint.note", trusted)),
    )
    events: dict[int, tuple[dict[str, Any], bytes]] = {}
    _attempt(report, FACTS, lambda: events.update(_events(files, report)))
    if checkpoint:
        signed = checkpoint[0]
        if events:
            _attempt(
                report, "proofs/inclusion.json", lambda: _inclusion(files, report, events, signed)
            )
            _attempt(report, NAMES, lambda: _names(files, report, events, signed))
        for name in ("proofs/consistency.json", "proofs/later-consistency.json"):
            if name in files:
                _attempt(
                    report, name, lambda name=name: proofs.extend(json.loads(files[name])["proofs"])
                )
        if "proofs/later-checkpoint.note" in files:
            _attempt(
                report,
                "proofs/later-checkpoint.note",
                lambda: notes.append(_checkpoint(files, "proofs/later-checkpoint.note", trusted)),
            )
        for note in notes:
            _attempt(
                report, note.file, lambda note=note: _against(note, signed, trusted, proofs, report)
            )
    if "facts/opened.jsonl" in files:
        _attempt(report, "facts/opened.jsonl", lambda: _opened(files, report, events))
    report.unproven += [
        "That a record has no further facts, later than the last one shown.",
        "That what was recorded was so, or that the pages tell it well: compare them to the facts.",
    ]


def _attempt(report: Report, file: str, do: Any) -> None:
    try:
        do()
    except Wrong as wrong:
        report.bad(wrong.file, wrong.what)
    except KeyError as missing:
        report.bad(file, f"is missing, or lacks {missing}")
    except (ValueError, TypeError, AttributeError, RecursionError, struct.error) as error:
        report.bad(file, f"cannot be read ({type(error).__name__})")


def _trusted(files: Files, start: list[Key], keys: list[Key]) -> list[Key]:
    """The keys to start from, and those that one of them introduced by a note both signed."""
    found = list(start)
    for name in sorted(files):
        if name.startswith("keys/handover-"):
            note = Note(files[name], name)
            if any(note.signed(key) for key in found):
                found += [key for key in keys if note.signed(key)]
    return list({key.text: key for key in found}.values())


def _by(note: Note, trusted: list[Key]) -> Key:
    for key in trusted:
        if note.signed(key):
            return key
    raise Wrong(note.file, "has no good signature by a key that you can trust")


def _manifest(files: Files, report: Report, trusted: list[Key]) -> None:
    """Every file is as its maker signed it."""
    manifest = files[MANIFEST]
    seal = Note(files[SEAL], SEAL)
    key = _by(seal, trusted)
    digest = base64.b64encode(hashlib.sha256(manifest).digest()).decode()
    if seal.lines != [f"{key.name} evidence pack", digest]:
        raise Wrong(MANIFEST, "is not the one that was signed")
    listed = json.loads(manifest)["files"]
    before = len(report.wrong)
    for name in sorted({*listed, *files} - {MANIFEST, SEAL}):
        if name not in files:
            report.bad(name, "was taken out of the pack")
        elif name not in listed:
            report.bad(name, "was put into the pack")
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]["sha256"]:
            report.bad(name, "was changed")
    if len(report.wrong) == before:
        report.proven.append(
            f"The {len(listed)} files of this pack are as they were signed for {key.name}"
            f" (key {key.fingerprint})."
        )


def _checkpoint(files: Files, name: str, trusted: list[Key]) -> Checkpoint:
    found = Checkpoint(files[name], name)
    _by(found, trusted)
    # Where a backup was put back, the key of before signs for the log's new name, beside its own.
    if not any(key.name == found.origin and found.signed(key) for key in trusted):
        raise Wrong(name, "is signed by the key of another log")
    return found


def _lines(data: bytes) -> list[tuple[int, bytes]]:
    """The lines with their numbers, as bytes: what is wrong with one does not hide the others."""
    # Not splitlines(): a text may hold other separators of lines than the one that ends a record.
    return [(number, line) for number, line in enumerate(data.split(b"\n"), start=1) if line]


def _events(
    files: Files, report: Report, name: str = FACTS
) -> dict[int, tuple[dict[str, Any], bytes]]:
    """The events by position. A line that cannot be read, stands twice or astray is named."""
    found: dict[int, tuple[dict[str, Any], bytes]] = {}
    last = 0
    for number, line in _lines(files[name]):
        try:
            event = json.loads(line)
            state = base64.b64decode(event["state"], validate=True)
            leaf(event, state)
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError, struct.error):
            if name == FACTS:
                report.unread.append(number)
            report.bad(name, f"line {number} cannot be read")
            continue
        position = event["position"]
        if position in found:
            report.bad(name, f"line {number}: the fact at position {position} stands there twice")
            continue
        if position < last:
            report.bad(name, f"line {number}: the fact at position {position} is out of its order")
        found[position] = (event, state)
        last = max(last, position)
    return found


def _missing(
    events: dict[int, tuple[dict[str, Any], bytes]], proofs: dict[int, list[bytes]]
) -> list[str]:
    """What is not there though a proof, or a later event of the same stream, says that it was."""
    missing = [
        f"the fact at position {position} was taken out"
        for position in sorted(proofs)
        if position not in events
    ]
    versions: dict[str, set[int]] = {}
    for event, _ in events.values():
        versions.setdefault(event["stream"], set()).add(event["version"])
    gaps = [
        f"version {version} of {stream} is missing"
        for stream, there in sorted(versions.items())
        # No more of them than there are events: a false version may be any number.
        for version in sorted(set(range(1, len(there) + 1)) - there)
    ]
    return missing or gaps


def _proofs(files: Files, name: str) -> dict[int, list[bytes]]:
    return {
        each["position"]: [base64.b64decode(one) for one in each["proof"]]
        for each in json.loads(files[name])["proofs"]
    }


def _names(
    files: Files,
    report: Report,
    events: dict[int, tuple[dict[str, Any], bytes]],
    signed: Checkpoint,
) -> None:
    """Who recorded each fact, under the name that stood at its position."""
    named = _events(files, report, NAMES) if NAMES in files else {}
    proofs = _proofs(files, "proofs/names.json") if NAMES in files else {}
    for position in sorted(named):
        leaf_hash = leaf(*named[position])
        proof = proofs.get(position, [])
        if not included(position - 1, signed.size, leaf_hash, proof, signed.root):
            what = f"the fact at position {position} is not what was sealed, or its proof is not"
            report.bad(NAMES, what)
    called: dict[str, list[tuple[int, str]]] = {}
    for position, (event, state) in sorted({**events, **named}.items()):
        if event["type"] in NAMING:
            name = _text_of(state, "d", NAMING[event["type"]])
            called.setdefault(event["stream"], []).append((position, name))
    by_person: dict[str, dict[str, int]] = {}
    unnamed = 0
    for position, (_, state) in sorted(events.items()):
        person = f"person:{_text_of(state, 'm', 'by')}"
        if len(person) != len("person:") + 32:
            continue  # Caseloop itself, or the operator who set it up
        before = [each for each in called.get(person, []) if each[0] <= position]
        if before:
            by_person.setdefault(person, {}).setdefault(before[-1][1], before[-1][0])
        else:
            unnamed += 1
    if by_person and not any(file in NAMED_BY for file, _ in report.wrong):
        people = "; ".join(
            ", then ".join(f"{name} (from position {at})" for name, at in names.items())
            for names in by_person.values()
        )
        report.proven.append(f"Those who recorded these facts were called so then: {people}.")
    if named:
        report.unproven.append("That nobody had another name between those that are told.")
    if unnamed:
        report.unproven.append(f"The names of those who recorded {unnamed} of the facts.")


def _text_of(state: bytes, part: str, name: str) -> str:
    """A text of a stored fact; what is not there is said by the check of its bytes."""
    try:
        return str(json.loads(state)[part][name])
    except (KeyError, ValueError, TypeError, RecursionError):
        return ""


def _inclusion(
    files: Files,
    report: Report,
    events: dict[int, tuple[dict[str, Any], bytes]],
    signed: Checkpoint,
) -> None:
    proofs = _proofs(files, "proofs/inclusion.json")
    before = len(report.wrong)
    missing = _missing(events, proofs)
    # What stood on the lines that cannot be read is not to be looked for anywhere else.
    if len(missing) > len(report.unread):
        doubt = ", or stood on a line that cannot be read" if report.unread else ""
        for what in missing:
            report.bad(FACTS, what + doubt)
    for position in sorted(events):
        if position not in proofs:
            report.bad("proofs/inclusion.json", f"position {position} has no proof")
        elif not included(
            position - 1, signed.size, leaf(*events[position]), proofs[position], signed.root
        ):
            what = f"the fact at position {position} is not what was sealed, or its proof is not"
            report.bad(FACTS, what)
    if len(report.wrong) == before and not report.unread:
        report.proven.append(
            f"Each of the {len(events)} facts stands at its position in the log of {signed.size}"
            f" facts that was signed ({signed.time}). No record has a gap in it."
        )


def _against(
    note: Checkpoint, signed: Checkpoint, trusted: list[Key], proofs: list[Any], report: Report
) -> None:
    """The log of the pack and the log of another checkpoint are one."""
    _by(note, trusted)
    if note.origin not in {signed.origin, *(key.name for key in trusted)}:
        raise Wrong(note.file, f"is of another log, {note.origin}")
    old, new = sorted((note, signed), key=lambda each: each.size)
    fits = [each for each in proofs if (each["first"], each["second"]) == (old.size, new.size)] or (
        [{"proof": []}] if old.size == new.size else []
    )
    if not fits:
        report.unproven.append(
            f"That {note.file} is of the same history: ask the council for the consistency proof"
            f" from {old.size} to {new.size} and give it with --consistency."
        )
        return
    proof = [base64.b64decode(one) for one in fits[-1]["proof"]]
    if not consistent(old.size, new.size, old.root, new.root, proof):
        raise Wrong(note.file, "is of another history than this pack: one of the two was rewritten")
    report.proven.append(
        f"{note.file} ({note.size} facts, {note.time}) and this pack are of one history:"
        f" nothing under position {old.size} was changed between them."
    )


def _opened(files: Files, report: Report, events: dict[int, tuple[dict[str, Any], bytes]]) -> None:
    """Each opened text belongs to an event of the pack that holds sealed text."""
    erased = 0
    for number, line in _lines(files["facts/opened.jsonl"]):
        try:
            each = json.loads(line)
            position, texts = each["position"], each["texts"]
            event = events.get(position)
        except (KeyError, ValueError, TypeError, RecursionError):
            report.bad("facts/opened.jsonl", f"line {number} cannot be read")
            continue
        if event is None and report.unread:
            continue
        digest = "" if event is None else hashlib.sha256(event[1]).hexdigest()
        if digest != each.get("state_sha256") or event is None or "s" not in json.loads(event[1]):
            report.bad("facts/opened.jsonl", f"position {position} belongs to no such fact")
        erased += texts is None
    report.unproven.append(
        "That the opened texts are the words that were sealed: the signature of the pack's maker"
        " stands for that, and the council can open a fact in front of you."
    )
    if erased:
        report.unproven.append(
            f"The words of {erased} facts: they were erased. The facts themselves still hold."
        )


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a Caseloop evidence pack.")
    parser.add_argument("pack", type=Path, nargs="?", default=Path(__file__).parent)
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--consistency", type=Path, action="append", default=[])
    options = parser.parse_args(words)
    report = Report()
    try:
        is_folder = options.pack.is_dir()
        files = folder(options.pack) if is_folder else unpacked(options.pack.read_bytes(), report)
        given = [Key(Path(k).read_text() if Path(k).is_file() else k, k) for k in options.key]
        notes = [Checkpoint(each.read_bytes(), str(each)) for each in options.checkpoint]
        proofs = [json.loads(each.read_bytes()) for each in options.consistency]
        check(files, report, given, notes, proofs)
    except Wrong as wrong:
        report.bad(wrong.file, wrong.what)
    except (OSError, ValueError) as error:
        report.bad(str(options.pack), f"cannot be read ({error})")
    sys.stdout.write(report.text())
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
