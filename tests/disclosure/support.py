"""What tests of copies for outside do."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import Any

from pypdf import PdfReader

from tests.support.council import Council, words_of

ASKED = "from=2026-01-01&to=2026-03-31&by=quarter"
KINDS = ("csv", "json", "xlsx", "docx", "pdf")
NAME = "Juniper Thorne"
SAID = f"It held for 13 audits; 4 were of {NAME}, whom we thank."


def with_audits(council: Council) -> Council:
    """Thirteen audits, which moderators gave the same grade seven times."""
    for theirs in ["good"] * 7 + ["inadequate"] * 6:
        council.moderated("good", theirs)
    return council


def published(council: Council, name: str = "agreement", more: str = "") -> str:
    page = council.browser("lead").post(
        f"/published/new?name={name}&{ASKED}{more}", {"title": "To the board", "commentary": SAID}
    )
    assert page.status_code == 303, words_of(page.text)
    return str(page.headers["location"]).partition("?")[0]


def sent(council: Council, place: str, audience: str, **texts: dict[str, str]) -> Any:
    """The form of a copy, sent with what was typed for the title (0) and the commentary (1)."""
    address, lead = f"{place}/copies/new?audience={audience}", council.browser("lead")
    page = lead.get(address)
    assert page.status_code == 200, words_of(page.text)
    hidden = dict(re.findall(r'name="(texts\.\d+\.text|seen)" value="([^"]*)"', page.text))
    typed = {
        f"texts.{at[2:]}.{name}": value
        for at, each in texts.items()
        for name, value in each.items()
    }
    return lead.post(address, {**hidden, **typed})


def copied(council: Council, place: str, audience: str = "public", **texts: dict[str, str]) -> str:
    """The address of a copy that was made."""
    done = sent(council, place, audience, **texts)
    assert done.status_code == 303, words_of(done.text)
    found = re.search(r"/copies/[0-9a-f]{32}", council.browser("lead").get(f"{place}/copies").text)
    assert found is not None
    return place + found[0]


def files(council: Council, copy: str) -> dict[str, bytes]:
    lead = council.browser("lead")
    return {kind: lead.get(f"{copy}/copy.{kind}").content for kind in KINDS}


def opened(kind: str, data: bytes) -> str:
    """Every word of a file, whatever the tags around it."""
    if kind in ("csv", "json"):
        return data.decode("utf-8-sig")
    if kind == "pdf":
        pages = (page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
        return " ".join(" ".join(pages).split())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
        return unescape(re.sub(r"</?w:[^>]*>", "", "".join(parts)))
