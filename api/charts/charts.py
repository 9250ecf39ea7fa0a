"""The charts: plain inputs in; accessible SVG, PNG, a table and a sentence out.

Each function says a chart as a Vega-Lite specification; `api.charts.drawing` draws it. Colour is
never alone: letters, counts and signs are printed in or beside the marks. Fills stand out from
white by 3:1 or have a dark outline, and printed words from their fill by 4.5:1 (WCAG 1.4.11 and
1.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.charts.cells import cells_of, shade
from api.charts.drawing import INK, PAPER, Chart, Spec, drawn
from api.charts.numbers import Share, percentage, steps
from api.documents.colours import RAG_COLOURS
from api.documents.document import Reworded

QUIET = "#505a5f"
BLUE, ORANGE = "#005eb8", "#c45500"
BANDS = (("#005a30", PAPER), ("#1d70b8", PAPER), ("#ffdd00", INK), ("#942514", PAPER))
"""Fill and ink of the bands of a scale, the best first."""
_SMALLEST_LABELLED, _SMALLEST_ON_PHONE = 0.07, 0.2
"""A narrower part of a bar has no room for its letter and count; the table has them."""


@dataclass(frozen=True, slots=True)
class Band:
    """One grade of a scale, with the letter that stands for it. `fill` is the colour that it has
    wherever it is shown, the name of one of a RAG scale; without it, that of its place."""

    label: str
    letter: str
    fill: str = ""


@dataclass(frozen=True, slots=True)
class GradeMix:
    """Counts of grades a period: `counts` holds one number a band, the best first. `of` is what
    is counted, `row` what stands in place of a period, `given` what was done to what is counted."""

    title: str
    bands: Sequence[Band]
    periods: Sequence[tuple[str, Sequence[int]]]
    of: str = "grades"
    row: str = "Period"
    given: str = "graded"


@dataclass(frozen=True, slots=True)
class ChartRate:
    """A proportion with its 95% interval (0 to 1): None where nothing is known, or of too few to be
    shown. The sentence never tells of a period that is `running`."""

    period: str
    count: int
    of: int
    value: Share | None
    low: Share | None
    high: Share | None
    running: bool = False


@dataclass(frozen=True, slots=True)
class ChartMatrix:
    """`counts[auditor][moderator]`: how often each pair of grades was given."""

    title: str
    bands: Sequence[Band]
    counts: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Shifts:
    """Mean shift at moderation in grades, by group: above zero the moderator graded higher."""

    title: str
    groups: Sequence[tuple[str, Share, int]]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A proportion (0 to 1) and its n for each team and domain; None where nothing is known."""

    title: str
    what: str
    teams: Sequence[str]
    domains: Sequence[str]
    cells: Mapping[tuple[str, str], tuple[Share | None, int]]


def grade_mix(data: GradeMix) -> Chart:
    """Bars of equal length by period, parted by grade, each part with its letter and count."""
    parts: list[Spec] = []
    rows = []
    for period, counts in data.periods:
        total, start = sum(counts), 0
        for band, count, (_, ink) in zip(data.bands, counts, _colours(data.bands), strict=True):
            if count:
                roomy = count / total >= _SMALLEST_LABELLED
                parts.append(
                    {
                        "period": f"{period} (n = {total})",
                        "from": start / total,
                        "to": (start + count) / total,
                        "middle": (start + count / 2) / total,
                        "said": f"{band.letter} {count}" if roomy else "",
                        "band": f"{band.letter}: {band.label}",
                        "ink": ink,
                    }
                )
            start += count
        rows.append((period, *map(str, counts), str(total)))
    names = [f"{band.letter}: {band.label}" for band in data.bands]
    across = {"type": "quantitative", "title": f"Share of {data.of}", "scale": {"domain": [0, 1]}}
    order = [f"{period} (n = {sum(counts)})" for period, counts in data.periods]
    down = {"field": "period", "type": "nominal", "sort": order, "title": None,
            "scale": {"domain": order}}  # fmt: skip
    spec = {
        "data": {"values": parts},
        "height": {"step": 38},
        "width": 520,
        "layer": [
            {
                "mark": {"type": "bar", "stroke": INK, "strokeWidth": 1},
                "encoding": {
                    "x": {"field": "from", **across, "axis": {"format": "%"}},
                    "x2": {"field": "to"},
                    "y": down,
                    "color": {
                        "field": "band",
                        "type": "nominal",
                        "sort": names,
                        "title": None,
                        "scale": {
                            "domain": names,
                            "range": [fill for fill, _ in _colours(data.bands)],
                        },
                        "legend": {"orient": "bottom", "columns": 2, "symbolStrokeColor": INK},
                    },
                },
            },
            {
                "mark": {"type": "text", "fontWeight": "bold"},
                "encoding": {
                    "x": {"field": "middle", **across},
                    "y": down,
                    "text": {"field": "said"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }
    sentence = f"{data.title}: no {data.of} in any {data.row.lower()}."
    filled = [(period, counts) for period, counts in data.periods if sum(counts)]
    if filled:
        period, counts = filled[-1]
        each = ", ".join(f"{c} {b.label}" for b, c in zip(data.bands, counts, strict=True))
        graded = f", of {sum(counts)} {data.given}: {each}."
        name, *marks = period.split(" | ")
        sentence = f"In {period}{graded}"
        if marks:
            sentence = Reworded(f"In {name} ({', '.join(marks)}){graded}", sentence, 2)
    columns = (data.row, *(band.label for band in data.bands), "All")
    few = [
        {**part, "said": part["said"] if part["to"] - part["from"] >= _SMALLEST_ON_PHONE else ""}
        for part in parts
    ]
    on_phone = {**spec, "data": {"values": few}}
    return drawn(data.title, sentence, spec, columns, rows, on_phone)


def matrix(data: ChartMatrix) -> Chart:
    """Auditor by moderator: the number in every cell, the diagonal (agreement) outlined."""
    most = max((n for line in data.counts for n in line), default=0)
    labels = [band.label for band in data.bands]
    cells = [
        {
            "auditor": labels[i],
            "moderator": labels[j],
            "n": n,
            **shade(n / most if most else 0),
            "outlined": i == j,
        }
        for i, line in enumerate(data.counts)
        for j, n in enumerate(line)
    ]
    spec = cells_of(
        cells,
        x=("moderator", labels, "Moderator’s grade"),
        y=("auditor", labels, "Auditor’s grade"),
        text="n",
    )
    total = sum(map(sum, data.counts))
    same = sum(line[i] for i, line in enumerate(data.counts))
    sentence = (
        f"Auditor and moderator gave the same grade {same} times of {total}."
        if total
        else f"{data.title}: nothing was moderated."
    )
    rows = [(label, *map(str, line)) for label, line in zip(labels, data.counts, strict=True)]
    columns = ("Auditor’s grade", *(f"Moderator: {label}" for label in labels))
    return drawn(data.title, sentence, spec, columns, rows)


def shifts(data: Shifts) -> Chart:
    """A bar to the right where moderation raised grades, to the left where it lowered them."""
    values = [
        {
            "group": f"{group} (n = {n})",
            "shift": float(shift),
            "said": steps(shift),
            "side": "Raised" if shift > 0 else "Lowered" if shift < 0 else "Unchanged",
        }
        for group, shift, n in data.groups
    ]
    reach = max([0.5, *(abs(float(shift)) * 1.3 for _, shift, _ in data.groups)])
    order = [v["group"] for v in values]
    down = {"field": "group", "type": "nominal", "sort": order, "title": None}
    across = {
        "field": "shift",
        "type": "quantitative",
        "title": "Mean shift at moderation, in grades (− lowered, + raised)",
        "scale": {"domain": [-reach, reach]},
    }
    text = [
        {
            "transform": [{"filter": test}],
            "mark": {"type": "text", "fontWeight": "bold", "align": align, "dx": dx},
            "encoding": {"x": across, "y": down, "text": {"field": "said"}},
        }
        for test, align, dx in (
            ("datum.shift >= 0", "left", 5),
            ("datum.shift < 0", "right", -5),
        )
    ]
    spec = {
        "data": {"values": values},
        "width": 460,
        "height": {"step": 32},
        "layer": [
            {
                "mark": {"type": "bar", "stroke": INK, "strokeWidth": 1},
                "encoding": {
                    "x": across,
                    "y": down,
                    "color": {
                        "field": "side",
                        "type": "nominal",
                        "legend": None,
                        "scale": {
                            "domain": ["Raised", "Lowered", "Unchanged"],
                            "range": [BLUE, ORANGE, QUIET],
                        },
                    },
                },
            },
            *text,
            {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0}}},
        ],
    }
    raised = sum(shift > 0 for _, shift, _ in data.groups)
    lowered = sum(shift < 0 for _, shift, _ in data.groups)
    sentence = (
        f"Of {len(values)} groups moderation raised the mean of {raised} and lowered {lowered}."
    )
    if len(values) == 1:
        moved = "raised" if raised else "lowered" if lowered else "did not change"
        sentence = Reworded(f"Moderation {moved} the mean grade.", sentence, 2)
    rows = [(group, steps(shift), str(n)) for group, shift, n in data.groups]
    return drawn(data.title, sentence, spec, ("Group", "Mean shift in grades", "n"), rows)


def heat_map(data: HeatMap) -> Chart:
    """Team by domain: the percentage and n printed in every cell, darker where it is higher."""
    cells, rows = [], []
    for team in data.teams:
        row = [team]
        for domain in data.domains:
            value, n = data.cells.get((team, domain), (None, 0))
            cells.append(
                {
                    "team": team,
                    "domain": domain,
                    "said": f"{percentage(value)} n={n}" if value is not None else f"– n={n}",
                    **shade(float(value or 0)),
                    "outlined": False,
                }
            )
            row.append(f"{percentage(value)} (n = {n})")
        rows.append(tuple(row))
    spec = cells_of(
        cells,
        x=("domain", data.domains, None),
        y=("team", data.teams, None),
        text="said",
    )
    known = [
        (value, n, team, domain)
        for (team, domain), (value, n) in data.cells.items()
        if value is not None
    ]
    sentence = f"{data.what}: nothing is known yet."
    if known:
        value, n, team, domain = min(known, key=lambda one: float(one[0]))
        sentence = f"{data.what}: lowest in {team}, {domain}: {percentage(value)} (n = {n})."
    return drawn(data.title, sentence, spec, ("Team", *data.domains), rows)


def _colours(bands: Sequence[Band]) -> list[tuple[str, str]]:
    known = [*BANDS[: len(bands)], *[(PAPER, INK)] * (len(bands) - len(BANDS))]
    return [RAG_COLOURS.get(band.fill, own) for band, own in zip(bands, known, strict=True)]
