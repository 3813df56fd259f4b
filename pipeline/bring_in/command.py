"""The command `marovi import`: from where, into which folder, and what it says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pipeline.bring_in import Existing, bring_in
from pipeline.bring_in.api import read_wiki
from pipeline.bring_in.dump import read_dump
from pipeline.bring_in.feed import read_feed
from pipeline.bring_in.gathering import gather
from pipeline.bring_in.model import KINDS, Brought, Wiki, canonical
from pipeline.bring_in.reading_back import problems_of
from pipeline.bring_in.writing import write
from pipeline.config import Config
from pipeline.errors import MaroviError, Problem
from pipeline.read import read_all

SHOWN = 100  # letters of what stands on the page, in the printed report; all of it is in the one of --json


def run(config: Config, options: Any) -> int:
    """Import, say what could not be carried over, and return the exit code: 0, or 1 where words are missing."""
    into: Path = (options.into or config.root / "articles").resolve()
    alone = into != (config.root / "articles").resolve()
    wiki = _selected(_wiki(config, options), options, config)
    brought = bring_in(wiki, _existing(config, into, alone))
    problems = problems_of(brought.files, config, alone) if brought.files else ()
    if not options.dry_run and brought.files:
        write(brought.files, into)
    missing = any(entry.kind == "missing" for entry in brought.left)
    if options.json:
        print(json.dumps(_as_data(brought, problems, into, options.dry_run), ensure_ascii=False))
    else:
        for line in report(brought, problems, into, options.dry_run):
            print(line)
    return 1 if missing or not (brought.topics or brought.concepts) else 0


def report(brought: Brought, problems: Sequence[Problem], into: Path, dry_run: bool) -> list[str]:
    """The report as lines: page by page what did not simply come over, then what a build would refuse, then counts."""
    lines: list[str] = []
    page = ""
    for entry in brought.left:
        if entry.page != page:
            page = entry.page
            lines += ["", page]
        text = " ".join(entry.text.split())
        shown = f" {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}" if text else ""
        lines.append(f"  {entry.line}: {entry.kind}:{shown}\n      {entry.why}")
    if problems:
        lines += ["", "Before it builds:", *(f"  {problem}" for problem in problems)]
    counts = Counter(entry.kind for entry in brought.left)
    lines += ["", *(f"{counts[kind]:5d} {kind}: {meaning}" for kind, meaning in KINDS.items() if counts[kind])]
    done = "would be written" if dry_run else "written"
    lines.append(f"{len(brought.topics)} topics, {len(brought.concepts)} glossary concepts {done} to {into}")
    if brought.topics and not dry_run:
        lines.append("Typed-in numbers stand as they were: `marovi check` asks for each until an author settles it.")
    return lines


def _as_data(brought: Brought, problems: Sequence[Problem], into: Path, dry_run: bool) -> dict[str, Any]:
    return {
        "into": str(into),
        "written": not dry_run,
        "topics": dict(brought.topics),
        "concepts": list(brought.concepts),
        "files": sorted(brought.files),
        "left": [asdict(entry) for entry in brought.left],
        "problems": [asdict(problem) for problem in problems],
    }


def _wiki(config: Config, options: Any) -> Wiki:
    if options.dump:
        if options.wiki:
            raise MaroviError("--dump and --wiki name two places", "give one of them")
        return read_dump(options.dump)
    if options.feed:
        return read_feed(options.feed, options.wiki or "", config.languages)
    if not options.wiki:
        raise MaroviError("nothing says where the pages are", "give --wiki URL, --dump FILE or --feed FILE")
    return read_wiki(options.wiki, options.title, config.languages)


def _selected(wiki: Wiki, options: Any, config: Config) -> Wiki:
    """Only the pages that were asked for, where all of them were read."""
    if not options.title or (options.wiki and not options.feed):
        return wiki
    wanted = {canonical(title) for title in options.title}
    gathered = gather(wiki.pages, config.languages)
    kept = {
        page.title
        for group in (*gathered.topics, *gathered.concepts)
        if group.title in wanted
        for page in (*group.pages.values(), *group.summaries.values())
    }
    unknown = sorted(wanted - kept)
    if unknown:
        raise MaroviError(f"{wiki.name} has no page {unknown[0]!r}", "give titles of pages in the source language")
    pages = tuple(page for page in wiki.pages if page.title in kept or page.namespace == "Category")
    return replace(wiki, pages=pages)


def _existing(config: Config, into: Path, alone: bool) -> Existing:
    folders = frozenset(path.name for path in into.iterdir() if path.is_dir()) if into.is_dir() else frozenset()
    papers = into / "papers"
    if papers.is_dir():
        folders |= {path.name for path in papers.iterdir() if path.is_dir()}
    glossary = into / "glossary"
    concepts = frozenset(path.stem for path in glossary.glob("*.yaml")) if glossary.is_dir() else frozenset()
    sources, _ = read_all(config)
    if alone:
        sources = replace(sources, articles={}, planned={})
    return Existing(config.languages, sources, folders, concepts)
