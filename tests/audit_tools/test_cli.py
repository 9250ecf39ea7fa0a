"""A tool at the command line."""

from __future__ import annotations

from pathlib import Path

from tests.support.command_line import Run


def test_a_tool_travels_as_yaml(run: Run, tmp_path: Path) -> None:
    run("init")
    assert run("export", "tool", "dip-sample", "--out", "tool.yaml").code == 0
    text = (tmp_path / "tool.yaml").read_text()
    (tmp_path / "tool.yaml").write_text(text.replace("Dip sample", "Quick look"))
    done = run("import", "tool", "tool.yaml", "--publish")
    assert "Published version 2." in done.out
    (tmp_path / "tool.yaml").write_text("domains: [")
    assert run("import", "tool", "tool.yaml").code == 3
