"""Runs as a process: render the topics and summaries of a project that was built, and say how long that took.

python render_pages.py ROOT FOLDER: writes the pages into FOLDER; prints JSON with their number, the seconds of
reading the sources, of resolving what is to be looked up, and of writing wikitext.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pipeline.collecting import collect_seldom
from pipeline.config import load
from pipeline.read import read_all
from pipeline.render import page_models
from pipeline.render.manifest import file_names
from pipeline.render.wikitext import topic_page
from pipeline.render.wikitext.frames import Frames
from pipeline.run import RunSettings, run
from pipeline.verify import recorded


def main() -> None:
    """Read sources and results, render, write."""
    collect_seldom()  # as every command of the project does
    config = load(Path(sys.argv[1]))
    started = time.perf_counter()
    sources = read_all(config)[0]
    reading = time.perf_counter() - started
    articles = tuple(sources.articles.values())
    results = run(articles, RunSettings.of(config)).results
    shown = {article.slug: recorded(article, results[article.slug]) for article in articles}
    started = time.perf_counter()
    frames = Frames(config.root)
    models = page_models(sources, shown, {})
    resolving = time.perf_counter() - started
    pages = [topic_page(model, sources, frames) for model in models]
    writing = time.perf_counter() - started - resolving
    names = file_names(page.title for page in pages)
    for page in pages:
        (Path(sys.argv[2]) / f"{names[page.title]}.wiki").write_text(page.text, encoding="utf-8")
    print(json.dumps({"pages": len(pages), "reading": reading, "resolving": resolving, "writing": writing}))


if __name__ == "__main__":
    main()
