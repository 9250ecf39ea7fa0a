"""Checkpoints in the forms that other transparency logs use, so that their tools read ours.

A checkpoint (C2SP ``tlog-checkpoint``) is a few lines of text: the log's origin, its size, its root
in base64, then lines of our own, of which ``time …`` says when it was made. Signed (C2SP
``signed-note``), an empty line follows and one line for every signature: a dash, the key's name,
and base64 of four bytes of key id with 64 bytes of Ed25519 signature.

    caseloop.example.gov.uk/records
    48121
    2YCe1KJLVKtqVVpLoiOHcF0zUPYuBHEqo1HtdXqZGp0=
    time 2026-03-31T22:59:58.120431Z

    — caseloop.example.gov.uk/records xs0EiS…
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from qa.core.errors import Refused

ED25519 = b"\x01"
"""The signature type of C2SP signed-note for Ed25519."""
DASH = "— "
PRIVATE = "PRIVATE+KEY+"
LONGEST = 16_384
"""More than any checkpoint needs, in characters."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_TIME = re.compile(r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z")


def _malformed(what: str) -> Refused:
    return Refused(f"This is no signed checkpoint: {what}.", code="note-malformed")


def _bytes(text: str, length: int, what: str) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        found = b""
    if len(found) != length or b64encode(found).decode() != text:
        raise _malformed(f"{what} is not {length} bytes in base64")
    return found


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is promised: the first `size` events of the log `origin` have this Merkle root."""

    origin: str
    size: int
    root: bytes
    made_at: datetime

    @property
    def text(self) -> str:
        """What is signed."""
        made = self.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\ntime {made}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Raises `Refused` (``note-malformed``)."""
        lines = text.split("\n")
        if len(lines) < 5 or lines[-1] or not all(lines[:-1]):
            raise _malformed("its text is not origin, size, root and time")
        origin, size, root, *more = lines[:-1]
        if not _SIZE.fullmatch(size):
            raise _malformed("its size is not a number")
        times = [found for line in more if (found := _TIME.fullmatch(line))]
        if len(times) != 1:
            raise _malformed("it does not say when it was made")
        try:
            made = datetime.fromisoformat(times[0][1]).replace(tzinfo=UTC)
        except ValueError:
            raise _malformed("it was made on an impossible date") from None
        read = cls(origin, int(size), _bytes(root, 32, "its root"), made)
        if read.text != text:
            raise _malformed("it says more than this Caseloop understands")
        return read


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose it says it is, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A signed checkpoint as it stands in a file."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> str:
        return self.checkpoint.text + "\n" + "".join(each.line for each in self.signatures)

    @classmethod
    def read(cls, text: str) -> SignedNote:
        """Read a note, whoever signed it. Raises `Refused` (``note-malformed``)."""
        if len(text) > LONGEST:
            raise _malformed("it is too long")
        body, gap, below = text.partition("\n\n")
        if not gap or not below.endswith("\n"):
            raise _malformed("it has no signature")
        return cls(Checkpoint.read(body + "\n"), tuple(map(_signature, below[:-1].split("\n"))))

    def signed_by(self, key: PublicKey) -> bool:
        """Whether one of the signatures is a good one by `key`."""
        text = self.checkpoint.text.encode()
        return any(
            each.name == key.name
            and each.key_id == key.key_id
            and key.verifies(each.signature, text)
            for each in self.signatures
        )


def _signature(line: str) -> Signature:
    name, _, value = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not name or not value:
        raise _malformed("a signature line does not read “— name signature”")
    both = _bytes(value, 68, "a signature")
    return Signature(name, both[:4], both[4:])


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Checks signatures. Written ``name+key id+base64`` (the “vkey” of signed notes)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key, in groups that can be read out over a telephone."""
        return groups(sha256(ED25519 + self.public).digest())

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """Raises `Refused` (``key-malformed``)."""
        name, key_id, public = _key_parts(text)
        key = cls(name, public)
        if key.key_id != key_id:
            raise _bad_key("its id is not that of the key")
        return key

    def verifies(self, signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs. Written ``PRIVATE+KEY+name+key id+base64``; never shown, logged or stored by us."""

    name: str
    _private: Ed25519PrivateKey

    @classmethod
    def make(cls, name: str) -> SigningKey:
        """A new key. Raises `Refused` for a name that a note cannot hold."""
        if not _name_fits(name):
            raise _bad_key("its name is empty or holds a space or a plus sign")
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, text: str) -> SigningKey:
        """Raises `Refused` (``key-malformed``)."""
        if not text.startswith(PRIVATE):
            raise _bad_key("it is not a private key")
        name, key_id, seed = _key_parts(text.removeprefix(PRIVATE))
        key = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
        if key.public.key_id != key_id:
            raise _bad_key("its id is not that of the key")
        return key

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        secret = b64encode(ED25519 + self._private.private_bytes_raw()).decode()
        return f"{PRIVATE}{self.name}+{self.public.key_id.hex()}+{secret}"

    def __repr__(self) -> str:
        return f"SigningKey({self.public.text})"


def sign(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> SignedNote:
    """Sign with every key: one, or at a hand-over the old one and the new one."""
    return SignedNote(checkpoint, _signatures(checkpoint.text, keys))


def signed_text(text: str, key: SigningKey) -> str:
    """Any text, which must end its last line and hold no empty one, as a signed note."""
    return text + "\n" + "".join(each.line for each in _signatures(text, [key]))


def _signatures(text: str, keys: Sequence[SigningKey]) -> tuple[Signature, ...]:
    return tuple(
        Signature(key.name, key.public.key_id, key._private.sign(text.encode())) for key in keys
    )


def groups(value: bytes) -> str:
    """Bytes as groups of four hexadecimal digits, for paper and telephone."""
    text = value.hex()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _name_fits(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def _bad_key(what: str) -> Refused:
    return Refused(f"This key cannot be used: {what}.", code="key-malformed")


def _key_parts(text: str) -> tuple[str, bytes, bytes]:
    """Name, key id and the 32 bytes of a key as it is written."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not _name_fits(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise _bad_key("it is not written name+id+key")
    try:
        data = b64decode(parts[2], validate=True)
    except (NotBase64, ValueError):
        data = b""
    if len(data) != 33 or data[:1] != ED25519:
        raise _bad_key("it is not an Ed25519 key in base64")
    return parts[0], bytes.fromhex(parts[1]), data[1:]
