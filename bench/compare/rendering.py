"""Times rendering the repository's articles, all languages and summaries, beside pandoc's MediaWiki writer."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from bench.compare.clock import CommandFailed, seconds_of
from bench.compare.engines import own_environment
from bench.compare.peers import Peers
from bench.compare.timings import Timings
from bench.compare.topics import Topic, plain

HERE = Path(__file__).parent
COLUMN = "ms a page"
OURS = "marovi, rendering alone"
RESOLVING = "of that, looking up values, links, terms and references"
WRITING = "of that, writing wikitext"
READ = "marovi, reading and rendering"
WHOLE = "marovi, a process that reads sources and results and renders"
EACH = "pandoc, a process a page"
BARE = "pandoc, its start subtracted"
TOGETHER = "pandoc, all pages in one go"


def measure(root: Path, peers: Peers, work: Path, repeat: int) -> tuple[Timings, int]:
    """Milliseconds a page of each way, and the number of pages. Raises CommandFailed."""
    sources = write_plain(root / "articles", work / "plain")
    empty = work / "empty.md"
    empty.write_text("")
    timings = Timings()
    pages = len(sources)
    _ours(root, work)  # from here on the results of all cells are in the cache
    for _ in range(repeat):
        whole, ours = _ours(root, work)
        if ours["pages"] != pages:
            raise CommandFailed(f"{ours['pages']} pages came from {pages} documents")
        rendering = ours["resolving"] + ours["writing"]
        timings.add(OURS, COLUMN, 1000 * rendering / pages)
        timings.add(RESOLVING, COLUMN, 1000 * ours["resolving"] / pages)
        timings.add(WRITING, COLUMN, 1000 * ours["writing"] / pages)
        timings.add(READ, COLUMN, 1000 * (ours["reading"] + rendering) / pages)
        timings.add(WHOLE, COLUMN, 1000 * whole / pages)
        single = sum(_pandoc(peers, [source], work / f"{source.stem}.wiki") for source in sources)
        start = min(_pandoc(peers, [empty], work / "empty.wiki") for _ in range(5))
        timings.add(EACH, COLUMN, 1000 * single / pages)
        timings.add(BARE, COLUMN, 1000 * (single / pages - start))
        timings.add(TOGETHER, COLUMN, 1000 * _pandoc(peers, sources, work / "all.wiki") / pages)
    for source in sources:
        made = (work / f"{source.stem}.wiki").read_text(encoding="utf-8")
        if "\n== " not in made and "\n## " in source.read_text(encoding="utf-8"):
            raise CommandFailed(f"pandoc made no headings from {source.name}")
    return timings, pages


def write_plain(articles: Path, folder: Path) -> list[Path]:
    """Write each document of each topic in the Markdown that pandoc reads; returns the files."""
    folder.mkdir()
    written = []
    for source in sorted(articles.glob("*/en.md")):
        code = Topic(source.parent.name, source.read_text(encoding="utf-8")).labelled
        for path in sorted([*source.parent.glob("*.md"), *source.parent.glob("summary/*.md")]):
            kind = "summary-" if path.parent.name == "summary" else ""
            written.append(folder / f"{source.parent.name}-{kind}{path.stem}.md")
            written[-1].write_text(plain(path.read_text(encoding="utf-8"), code), encoding="utf-8")
    return written


def _ours(root: Path, work: Path) -> tuple[float, dict[str, float]]:
    """Seconds of the whole process that renders, and what it says of its parts."""
    out = work / "rendered"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    code = f'exec "{sys.executable}" "{HERE / "render_pages.py"}" "{root}" rendered > said.json'
    whole = seconds_of(["sh", "-c", code], work, {**own_environment(), "PYTHONPATH": str(root)})
    said: dict[str, float] = json.loads((work / "said.json").read_text())
    return whole, said


def _pandoc(peers: Peers, sources: list[Path], target: Path) -> float:
    command = [peers.pandoc, "--from", "commonmark_x", "--to", "mediawiki", "--output", str(target)]
    return seconds_of([*command, *map(str, sources)], target.parent)
