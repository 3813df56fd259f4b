"""The reference in docs/reference/, made from the code: `python -m pipeline.reference` writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.reference.commands import commands, exit_codes
from pipeline.reference.configuration import configuration
from pipeline.reference.diagnostics import diagnostics
from pipeline.reference.sources import sources
from pipeline.reference.templates import templates

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path("docs") / "reference"
NOTE = "<!-- made by `python -m pipeline.reference`; change the code that it is made from -->"
PAGES: dict[str, Callable[[Path], str]] = {
    "commands.md": lambda root: commands(),
    "configuration.md": lambda root: configuration(),
    "diagnostics.md": lambda root: diagnostics(),
    "exit-codes.md": lambda root: exit_codes(),
    "sources.md": lambda root: sources(),
    "templates.md": templates,
}


def pages(root: Path = ROOT) -> dict[str, str]:
    """Name -> text of each page; templates are those of the project at `root`."""
    return {name: f"{NOTE}\n\n{page(root).strip()}\n" for name, page in PAGES.items()}


def write(root: Path = ROOT) -> list[Path]:
    """Write the pages that are not as they should be and return them."""
    written = []
    for name, text in pages(root).items():
        path = root / FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
