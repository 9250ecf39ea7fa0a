#!/usr/bin/env python3
"""Does everything on a fresh machine that has only Python 3.11 or later and a shell.

    python3 run.py demo          make the environment and a synthetic council, and serve it
    python3 run.py test          make the test environment and run every check and test
    python3 run.py mutate PATH   change one thing at a time in a module: does a test of it fail?
    python3 run.py lock          write the pinned requirements again (for maintainers; needs uv)

It uses nothing but the standard library. The environment is `.venv` beside this file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUN, TEST = HERE / "constraints.txt", HERE / "constraints-test.txt"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def say(text: str) -> None:
    print(text, flush=True)


def call(*command: str | Path, **extra: str) -> None:
    """Run a command here, its output on the screen; stop with its exit code if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=HERE, env={**os.environ, **extra})
    if done.returncode:
        raise SystemExit(done.returncode)


def make_environment(requirements: Path) -> None:
    """Create or bring up to date the environment, from pinned and hashed requirements."""
    if sys.version_info < (3, 11):
        raise SystemExit(f"Caseloop needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    wanted = hashlib.sha256(requirements.read_bytes() + (HERE / "pyproject.toml").read_bytes())
    mark = ENVIRONMENT / f"installed-{requirements.stem}"
    if mark.exists() and mark.read_text() == wanted.hexdigest():
        return
    if not PYTHON.exists():
        say("Making the environment …")
        try:
            venv.EnvBuilder(with_pip=True).create(ENVIRONMENT)
        except subprocess.CalledProcessError:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)
            raise SystemExit(
                "This Python cannot make environments with pip. On Debian or Ubuntu:\n"
                "  apt-get install python3-venv"
            ) from None
    say(f"Installing from {requirements.name} …")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    call(*pip, "--require-hashes", "-r", requirements)
    call(*pip, "--no-deps", "--no-build-isolation", "--editable", HERE)
    for other in ENVIRONMENT.glob("installed-*"):
        other.unlink()
    mark.write_text(wanted.hexdigest())


def find_browser() -> bool:
    """Whether a Chromium is there for the browser tests; on Debian as root, install one."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return True
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("Installing a headless Chromium for the browser tests …")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        call("apt-get", "update", "-qq", **quiet)
        call(
            "apt-get", "install", "-y", "-qq", "--no-install-recommends",
            "chromium-headless-shell", "fonts-liberation", **quiet,
        )  # fmt: skip
        return True
    return False


def demo(arguments: list[str]) -> None:
    make_environment(TEST if (ENVIRONMENT / f"installed-{TEST.stem}").exists() else RUN)
    call(PYTHON, "-m", "api.cli", "demo", *arguments)


def test(arguments: list[str]) -> None:
    make_environment(TEST)
    if not find_browser():
        say(
            "There is no Chromium here, and installing one needs root: the browser tests will be "
            "skipped.\n  Debian or Ubuntu: sudo apt-get install chromium-headless-shell"
        )
    if not arguments:
        say("Style …")
        call(PYTHON, "-m", "ruff", "check", ".")
        call(PYTHON, "-m", "ruff", "format", "--check", ".")
        say("Types …")
        call(PYTHON, "-m", "mypy")
        say("Imports …")
        call(BIN / "lint-imports", "--no-cache")
    say("Tests …")
    # Tests differ a hundredfold in length: an idle worker takes over what waits for another.
    # One more than there are processors: a test of the browser or of a server mostly waits.
    workers = ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal"]
    workers = workers if not arguments else []
    call(PYTHON, "-m", "pytest", *workers, *arguments)


def mutate(arguments: list[str]) -> None:
    make_environment(TEST)
    call(PYTHON, "-m", "benchmarks.mutate", *arguments, PYTHONPATH=f"src{os.pathsep}.")


def lock(arguments: list[str]) -> None:
    """Resolve the ranges of pyproject.toml into pinned files with hashes and without addresses."""
    build = HERE / ".lock.in"
    build.write_text("hatchling>=1.27,<2\neditables>=0.5\n")
    shared = (
        "--generate-hashes", "--universal", "--python-version", "3.11", "--no-emit-index-url",
        "--no-header", "--quiet", "--no-annotate", *arguments,
    )  # fmt: skip
    try:
        call("uv", "pip", "compile", "pyproject.toml", build, "-o", RUN, *shared)
        call("uv", "pip", "compile", "pyproject.toml", build, "--extra", "test", "-c", RUN,
             "-o", TEST, *shared)  # fmt: skip
    finally:
        build.unlink()


def main() -> None:
    verbs = {"demo": demo, "test": test, "mutate": mutate, "lock": lock}
    verb, *rest = sys.argv[1:] or [""]
    if verb not in verbs:
        raise SystemExit(__doc__)
    try:
        verbs[verb](rest)
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
