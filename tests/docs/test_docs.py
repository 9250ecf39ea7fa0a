"""The documentation says what the code does: generated pages, links, words, and the README."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from api.installation.help_pages import TASKS
from qa.core.words import AuditStatus, ModerationStatus, Role

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])


def test_the_reference_is_what_the_code_says() -> None:
    stale = runpy.run_path(str(DOCS / "generate.py"))["stale"]
    assert stale() == [], "run python docs/generate.py"


def test_every_link_leads_somewhere() -> None:
    for document in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8")):
            if not target.startswith(("http://", "https://", "mailto:")):
                assert (document.parent / target).exists(), (document, target)


def test_every_word_of_the_field_is_in_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text("utf-8").casefold()
    words = [role.label for role in Role if role is not Role.SYSTEM]
    words += [status.label for status in AuditStatus]
    words += [status.value for status in ModerationStatus]
    words += ["judgement", "moderation", "rate", "figure", "fact", "position", "as at", "scale"]
    assert [word for word in words if word.casefold() not in glossary] == []


def test_a_role_page_tells_of_the_tasks_that_help_names() -> None:
    pages = {role: role.value for role in TASKS} | {Role.READER: "head-of-service"}
    for role, page in pages.items():
        text = (DOCS / "roles" / f"{page}.md").read_text("utf-8")
        told = re.findall(r"^\d\. \*\*(.+?)[.]?\*\*", text, flags=re.M)
        assert told == [task for task, _ in TASKS[role]], page


def test_people_are_called_who_they_are() -> None:
    """As on pages: nobody is called “whoever”."""
    read = [
        page for folder in ("how-to", "roles", "tutorial") for page in (DOCS / folder).glob("*")
    ]
    assert len(read) > 30
    wrong = [page.name for page in read if "whoever" in page.read_text("utf-8").casefold()]
    assert wrong == []


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "python3 run.py demo" in readme
    assert "python3 run.py test" in readme
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("python3 run.py test")


def test_every_command_in_the_docs_exists() -> None:
    reference = (DOCS / "reference" / "cli.md").read_text("utf-8")
    known = set(re.findall(r"^## (caseloop [a-z -]+)$", reference, flags=re.M))
    for page in PAGES:
        for said in re.findall(
            r"^\s*caseloop ([a-z](?:[a-z ]|(?<=[a-z])-(?=[a-z]))*)",
            page.read_text("utf-8"),
            flags=re.M,
        ):
            words = said.split()
            forms = {"caseloop " + " ".join(words[:n]) for n in range(1, len(words) + 1)}
            assert forms & known, f"{page.name}: caseloop {said}"
