"""Makes `static/vendor/` from the published npm packages, without node at run time and without
anything that belongs to GOV.UK alone.

Run ``python -m api.web.vendor [--tarballs DIRECTORY] [--fixtures FILE]`` after a change of
version. A council's service is not on GOV.UK, so it takes the design system "with the exception of
branding (including logos and fonts)": no crest, no crown, no GDS Transport, no favicon, no MoJ
logotype. What is left is written next to a manifest of SHA-256 sums and both licence texts.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parent / "static" / "vendor"
MANIFEST = "manifest.json"
FORBIDDEN = re.compile(r"gds|crown|crest|@font-face|sourcemappingurl", re.IGNORECASE)
"""What no shipped file may mention (the licence notice, which names a copyright owner, aside)."""

_MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: what is taken from it and whose it is."""

    name: str
    version: str
    copyright: str
    files: Mapping[str, str]
    images: str

    @property
    def tarball(self) -> str:
        """The file name that ``npm pack`` writes."""
        return f"{self.name.replace('@', '').replace('/', '-')}-{self.version}.tgz"


PACKAGES = (
    Package(
        "govuk-frontend",
        "6.3.0",
        "Copyright (C) 2017 Crown Copyright (Government Digital Service)",
        {
            "dist/govuk/govuk-frontend.min.css": "govuk-frontend.min.css",
            "dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
        },
        "dist/govuk/assets/images/",
    ),
    Package(
        "@ministryofjustice/frontend",
        "11.1.0",
        "Copyright (c) 2021 dxw",
        {"moj/moj-frontend.min.css": "moj-frontend.min.css"},
        "moj/assets/images/",
    ),
)

_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_IMAGE = re.compile(r"url\(images/([^)]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def without_branding(css: str) -> str:
    """The style sheet without fonts, crown and crest, its images addressed beside it."""
    css = re.sub(r"@font-face\{[^{}]*\}", "", _COMMENT.sub("", css))
    css = css.replace("GDS Transport,", "")

    def rule(found: re.Match[str]) -> str:
        selectors, body = found.groups()
        kept = [s for s in selectors.split(",") if not re.search("crown|crest", s, re.IGNORECASE)]
        declarations = [
            d for d in body.split(";") if not re.search("crown|crest", d, re.IGNORECASE)
        ]
        return f"{','.join(kept)}{{{';'.join(declarations)}}}" if kept and any(declarations) else ""

    css = _RULE.sub(rule, css)
    return css.replace("url(/assets/images/", "url(images/").strip() + "\n"


def _script(text: str) -> str:
    return re.sub(r"//# sourceMappingURL=\S*", "", text).strip() + "\n"


def _member(archive: tarfile.TarFile, path: str) -> bytes:
    found = archive.extractfile(f"package/{path}")
    if found is None:
        raise SystemExit(f"{path} is not a file of this package")
    return found.read()


def built(package: Package, tarball: Path) -> Iterator[tuple[str, bytes]]:
    """The files this package contributes, by their name under the vendor folder."""
    with tarfile.open(tarball) as archive:
        for source, name in package.files.items():
            text = _member(archive, source).decode()
            text = without_branding(text) if name.endswith(".css") else _script(text)
            if found := FORBIDDEN.search(text):
                raise SystemExit(f"{name} still mentions {found.group()!r}")
            yield name, text.encode()
            for image in sorted(set(_IMAGE.findall(text))):
                yield f"images/{image}", _member(archive, package.images + image)


def fixtures(tarball: Path) -> bytes:
    """The components' own fixtures, gzipped: ``{component: [{name, options, html}]}``."""
    kept: dict[str, list[dict[str, object]]] = {}
    with tarfile.open(tarball) as archive:
        for name in sorted(archive.getnames()):
            if re.fullmatch(r"package/dist/govuk/components/[^/]+/fixtures\.json", name):
                content = json.loads(_member(archive, name.removeprefix("package/")))
                kept[content["component"]] = [
                    {key: one[key] for key in ("name", "options", "html")}
                    for one in content["fixtures"]
                ]
    return gzip.compress(json.dumps(kept, sort_keys=True).encode(), mtime=0)


def notice() -> str:
    parts = [
        f"{p.name} {p.version}, changed: fonts, crown and crest taken out\n\n"
        f"The MIT License (MIT)\n\n{p.copyright}\n\n{_MIT}"
        for p in PACKAGES
    ]
    return ("\n" + "-" * 78 + "\n\n").join(parts)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def build(tarballs: Path, target: Path = TARGET) -> None:
    """Write the vendor folder afresh from the tarballs in `tarballs`."""
    shutil.rmtree(target, ignore_errors=True)
    described = []
    for package in PACKAGES:
        tarball = tarballs / package.tarball
        sums = {}
        for name, data in built(package, tarball):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            sums[name] = sha256(data)
        described.append(
            {
                "name": package.name,
                "version": package.version,
                "tarball_sha256": sha256(tarball.read_bytes()),
                "files": sums,
            }
        )
    (target / "NOTICE").write_text(notice(), encoding="utf-8")
    (target / MANIFEST).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def _packed(into: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the packages, or give --tarballs")
    wanted = [f"{p.name}@{p.version}" for p in PACKAGES]
    subprocess.run([npm, "pack", *wanted], cwd=into, check=True, capture_output=True)  # noqa: S603
    return into


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarballs", type=Path, help="a folder holding both .tgz files already")
    parser.add_argument("--fixtures", type=Path, help="also write the components' fixtures here")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        tarballs = given.tarballs or _packed(Path(scratch))
        build(tarballs)
        if given.fixtures:
            given.fixtures.write_bytes(fixtures(tarballs / PACKAGES[0].tarball))


if __name__ == "__main__":
    main()
