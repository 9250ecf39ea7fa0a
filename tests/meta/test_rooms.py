"""A capability is a folder of the same name on each storey, with the same file names inside."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STOREYS = {name: ROOT / name for name in ("src/qa", "src/projections", "api")}
MOST_MODULES = 25

SHARED = {
    "src/qa": {"core", "store", "schema", "security", "outbox", "authorisation"},
    "src/projections": {"core", "figures"},
    "api": {
        "apart",
        "gate",
        "web",
        "json",
        "documents",
        "charts",
        "lists",
        "reports",
        "cli",
        "jobs",
        "demo",
        "records",
        "writing",
    },
}
"""Rooms that know no capability; their files are called after what they hold."""

KNOWN = {
    "src/qa": "events values state states decisions commands handlers loading reacting reactions "
    "policy clocks words rows handing_over",
    "src/projections": "tables rows projector queries worklist figures report model question",
    "api": "endpoints schemas pages page_parts forms steps reading tasks jobs notifications "
    "home importer lookups cli words records telling listing charts document report starting_set "
    "demonstration reports",
}
"""What the files of a capability are called, alone or after what they are of: ``team_pages``."""

OWN = {
    "src/qa/access": "unusual",
    "src/qa/actions": "findings",
    "src/qa/audit_tools": "definition files shipped",
    "src/qa/audits": "comparison correction independence judgements limits submission",
    "api/disclosure": "copy_files sources",
    "src/qa/disclosure": "number_words rounding suppression",
    "src/qa/history": "true_days",
    "src/qa/imports": "changes",
    "src/qa/indicators": "checks definition",
    "src/qa/ledger": "access_tree beside checkpoints entry following keys ledger merkle note "
    "publishing sealing tree verify",
    "src/qa/moderation": "disputes selection",
    "src/qa/notifications": "ladder steps",
    "src/qa/people": "days deputies teams",
    "src/qa/plans": "assessments board_meetings rag_scale rescheduling status_rules "
    "success_measures",
    "src/qa/publishing": "reviews",
    "src/qa/supervision": "due open_cases",
    "src/qa/tasks": "parts",
    "src/projections/actions": "closing_the_loop",
    "src/projections/agreement": "behind changes counting figure_rules profile trust",
    "src/projections/audits": "accesses exceptions moderation_lists",
    "src/projections/history": "fields",
    "src/projections/indicators": "against_target series source_values",
    "src/projections/plans": "changes computed_status counting forecast lateness meetings "
    "published ratings record success_measures",
    "api/access": "unusual",
    "api/actions": "loop_tables",
    "api/agreement": "provenance tables",
    "api/audit_tools": "builder",
    "api/audits": "named_audits sections writing",
    "api/evidence_packs": "contents making outside plan_lists readable scope scope_request",
    "api/history": "asked_comparison compared_figures comparison comparison_document "
    "comparison_files comparison_order since_moments late_events "
    "two_dates two_moments",
    "api/imports": "about answers case_folder columns files import_command importers "
    "kept_mappings kinds made_columns mapping measured outcome pace parts run uploads values",
    "api/indicators": "derived sheets value_sheets",
    "api/installation": "metrics",
    "api/moderation": "choices sheets writing",
    "api/notifications": "announcing calendar reminding sending",
    "api/people": "same_names sign_in",
    "api/plans": "boards importers",
    "api/publishing": "reviewing",
    "api/quarterly": "making",
    "api/sampling_frames": "case_lists published_lists",
    "api/self_evaluation": "making",
    "api/supervision": "matrix prompts",
    "api/tasks": "first_steps team_work work_listing worklist",
    "api/word_templates": "sample template_files",
}
"""What only one capability has, because its work has such a thing."""


def capabilities(storey: str) -> list[Path]:
    """The folders of capabilities on a storey."""
    return [
        folder
        for folder in sorted(STOREYS[storey].iterdir())
        if (folder / "__init__.py").exists() and folder.name not in SHARED[storey]
    ]


FOLDERS = [(storey, folder) for storey in STOREYS for folder in capabilities(storey)]


@pytest.mark.parametrize(("storey", "folder"), FOLDERS, ids=lambda one: getattr(one, "name", one))
def test_the_files_of_a_capability_have_known_names(storey: str, folder: Path) -> None:
    names = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    names |= {file.parent.name for file in folder.glob("*/__init__.py")}
    known = KNOWN[storey].split()
    unknown = {
        name for name in names if not any(name == one or name.endswith(f"_{one}") for one in known)
    }
    assert unknown <= set(OWN.get(f"{storey}/{folder.name}", "").split()), "say it in KNOWN or OWN"


def test_what_one_capability_has_of_its_own_is_there() -> None:
    said = [ROOT / folder / name for folder, names in OWN.items() for name in names.split()]
    assert [at for at in said if not (at.is_dir() or at.with_suffix(".py").exists())] == []


def test_every_capability_of_a_lower_storey_has_a_way_in() -> None:
    above = {folder.name for folder in capabilities("api")}
    below = {folder.name for storey, folder in FOLDERS if storey != "api"}
    assert len(below) > 20
    assert below - above == set()


@pytest.mark.parametrize("storey", STOREYS)
def test_no_folder_has_more_modules_than_one_can_look_over(storey: str) -> None:
    folders = {file.parent for file in STOREYS[storey].rglob("*.py")}
    counts = {
        str(one.relative_to(ROOT)): len({*one.glob("*.py")} - {one / "__init__.py"})
        for one in folders
    }
    assert {at: count for at, count in counts.items() if count > MOST_MODULES} == {}
