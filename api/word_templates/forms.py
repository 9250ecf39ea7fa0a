"""The Word file that somebody sends, opened in a process apart."""

from __future__ import annotations

from api.apart.process import run_apart


def template_of(data: bytes) -> bytes:
    """The template to keep of a .docx or .dotx file.

    Raises:
        Refused: it cannot be one; `api.word_templates.template_files` says why. Or reading it takes
            too long, or too much memory.
    """
    return run_apart(_made_ready, data)


def _made_ready(data: bytes) -> bytes:
    # What opens it takes long to load.
    from api.word_templates.template_files import made_ready

    return made_ready(data)
