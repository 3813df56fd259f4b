"""The report as a folder: data for machines, Markdown, a page to look at, and the pictures before and after."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pipeline.changes.bounds import fitting
from pipeline.changes.html import Pictures, page
from pipeline.changes.markdown import comment
from pipeline.changes.model import Changes
from pipeline.errors import MaroviError
from pipeline.literal import literal
from pipeline.render.manifest import read as read_build
from pipeline.render.page import Rendered

DATA, TEXT, PAGE, FIGURES = "changes.json", "report.md", "index.html", "figures"
PNG = b"\x89PNG\r\n\x1a\n"
MOST = 400  # pictures in a folder


def write_report(changes: Changes, out: Path, before: Path | None, after: Path | None) -> None:
    """Write the report into `out`, which it takes the place of; `before` and `after` are the builds compared.

    Raises MaroviError when `out` is something else than an earlier report.
    """
    if out.is_symlink() or (out.exists() and not (out.is_dir() and (_is_report(out) or not any(out.iterdir())))):
        raise MaroviError(f"{out} is no report to be replaced", "name a new folder, or delete it yourself")
    pictures = _pictures(changes, before, after)
    kept, data = fitting(changes)
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".report-", dir=out.parent))
    try:
        folder.chmod(0o755)
        (folder / DATA).write_text(data, encoding="utf-8")
        (folder / PAGE).write_text(page(changes, pictures), encoding="utf-8", errors="replace")
        (folder / TEXT).write_text(comment(kept) + _side_by_side(folder, pictures), encoding="utf-8", errors="replace")
        if out.exists():
            shutil.rmtree(out)
        folder.replace(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_report(folder: Path) -> bool:
    return (folder / DATA).is_file() and (folder / PAGE).is_file()


def _pictures(changes: Changes, before: Path | None, after: Path | None) -> Pictures:
    if before is None or after is None or not changes.pictures:
        return {}
    was, stands = _contents(read_build(before)), _contents(read_build(after))
    titles = [picture.title for picture in changes.pictures[:MOST]]
    return {title: (was.get(title), stands.get(title)) for title in titles}


def _contents(build: Rendered) -> dict[str, bytes]:
    return {file.title: file.content for file in build.files if file.content.startswith(PNG)}


def _side_by_side(folder: Path, pictures: Pictures) -> str:
    """Write the pictures beside the Markdown and return the table that shows them."""
    if not pictures:
        return ""
    (folder / FIGURES).mkdir()
    rows = []
    for number, (title, both) in enumerate(pictures.items(), 1):
        cells = []
        for when, content in zip(("before", "after"), both, strict=True):
            name = f"{FIGURES}/{number}-{when}.png"
            if content is not None:
                (folder / name).write_bytes(content)
            cells.append("none" if content is None else f"![{when}]({name})")
        rows.append(f"| {literal(title)} | {' | '.join(cells)} |")
    return "\n".join(["", "### Side by side", "", "| file | before | after |", "|---|---|---|", *rows]) + "\n"
