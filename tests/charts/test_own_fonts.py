"""A chart is drawn with the same fonts on every machine."""

from __future__ import annotations

import os

import pytest
import vl_convert

from api.charts.own_fonts import use_own_fonts

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30">{}</svg>'


def test_a_font_that_only_the_machine_has_draws_nothing() -> None:
    use_own_fonts()
    drawn = [
        vl_convert.svg_to_png(SVG.format(f'<text y="20" font-family="{family}">Here</text>'))
        for family in ("Liberation Sans", "DejaVu Sans")
    ]
    nothing = vl_convert.svg_to_png(SVG.format(""))
    assert [one == nothing for one in drawn] == [False, True]


@pytest.mark.parametrize("before", ["somewhere", None])
def test_the_environment_stays_as_it_was(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before is None:
        monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    else:
        monkeypatch.setenv("FONTCONFIG_FILE", before)
    use_own_fonts.__wrapped__()
    assert os.environ.get("FONTCONFIG_FILE") == before
