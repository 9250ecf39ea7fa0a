"""What is shipped is what was published, less the branding a council may not use."""

import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

from api.web import vendor

FIXTURES = json.loads(
    gzip.decompress(
        (Path(__file__).parent / "fixtures" / "govuk-frontend-6.3.0.json.gz").read_bytes()
    )
)
MANIFEST = json.loads((vendor.TARGET / vendor.MANIFEST).read_text())


def test_every_shipped_file_is_in_the_manifest_with_its_sum():
    listed = {name: total for package in MANIFEST for name, total in package["files"].items()}
    shipped = {
        path.relative_to(vendor.TARGET).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.TARGET.rglob("*")
        if path.is_file() and path.name not in (vendor.MANIFEST, "NOTICE")
    }
    assert shipped == listed
    assert [(p["name"], p["version"]) for p in MANIFEST] == [
        (p.name, p.version) for p in vendor.PACKAGES
    ]


def test_no_font_no_crown_and_no_crest_is_shipped():
    for path in vendor.TARGET.rglob("*"):
        assert path.suffix not in (".woff", ".woff2", ".ttf", ".ico", ".png")
        assert not re.search("crown|crest|logotype|favicon|opengraph", path.name)
        if path.is_file() and path.name != "NOTICE":
            assert not vendor.FORBIDDEN.search(path.read_text()), path.name


def test_every_image_a_style_sheet_asks_for_is_there():
    for sheet in vendor.TARGET.glob("*.css"):
        for image in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
            assert image.startswith("data:") or (vendor.TARGET / image).is_file()


def test_both_licences_travel_with_the_files():
    notice = (vendor.TARGET / "NOTICE").read_text()
    assert notice == vendor.notice()
    assert notice.count("Permission is hereby granted") == len(vendor.PACKAGES)


def test_a_rule_of_crown_and_others_keeps_the_others():
    css = "@font-face{font-family:GDS Transport}.a,.b__crown{color:red}.c{background:url(/x/crest)}"
    assert vendor.without_branding(css + "@media print{.d{font:GDS Transport,arial}}") == (
        ".a{color:red}@media print{.d{font:arial}}\n"
    )


class _Tokens(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        tidy = sorted((name, " ".join((value or "").split())) for name, value in attrs)
        self.seen.append((tag, tidy))

    def handle_endtag(self, tag):
        self.seen.append(("/", tag))

    def handle_data(self, data):
        if text := " ".join(data.split()):
            self.seen.append(text)


@pytest.fixture(scope="module")
def macros():
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        undefined=ChainableUndefined,
        autoescape=True,
    )


@pytest.mark.parametrize("component", sorted(FIXTURES))
def test_the_jinja_macros_draw_what_govuk_frontend_6_3_0_draws(component, macros):
    camel = "govuk" + "".join(part.title() for part in component.split("-"))
    module = macros.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    for case in FIXTURES[component]:
        drawn = getattr(module.module, camel)(case["options"])
        assert _Tokens(str(drawn)).seen == _Tokens(case["html"]).seen, case["name"]
