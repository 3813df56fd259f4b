"""Times executing: cold, nothing changed, and after each edit, every way in turn, and holds their numbers together."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.compare.edits import EDITS
from bench.compare.engines import PRINTED, Bare, Engine, Marovi, MystNb, Notebooks
from bench.compare.peers import Peers
from bench.compare.small import write_small
from bench.compare.timings import Timings
from bench.compare.topics import Topic, read_topics

STATES = ("cold", "nothing", *EDITS)
OURS = "marovi build"
FLOOR = "bare script"
NAMES = (
    OURS,
    "marovi build --keep",
    "marovi build --once",
    "marovi build --once, only English",
    FLOOR,
    "bare script, drawing as we do",
    "nbclient",
    "nbclient, two at a time",
    "papermill",
    "MyST-NB with jupyter-cache",
)


class Disagreement(Exception):
    """Two ways gave different numbers, or one gave those from before an edit: their times compare nothing."""


def measure(
    root: Path, peers: Peers, work: Path, which: str, repeat: int, only: str = "", most: int | None = None
) -> tuple[Timings, int]:
    """Time every way whose name has `only` in it; returns the timings and the number of topics.

    `which` is "small" or "articles", of which the first `most` are taken. What takes a minute is made cold one time
    less than the rest. Raises Disagreement, CommandFailed.
    """
    project = work / "project"
    write_project(root, project, which)
    topics = read_topics(project / "articles")[:most]
    _keep(project / "articles", topics)
    engines = [engine for engine in _engines(peers, work, project, topics) if only in engine.name]
    reference = Bare("the numbers", work / "numbers", peers)
    timings = Timings()
    try:
        for turn in range(repeat):
            # Each turn starts from the sources as they are, so that all ways are asked the same.
            _one_turn(engines, reference, topics, turn, repeat, timings)
    finally:
        for engine in engines:
            engine.end()
    return timings, len(topics)


def _one_turn(
    engines: Sequence[Engine], reference: Bare, topics: list[Topic], turn: int, repeat: int, timings: Timings
) -> None:
    place = len(topics) // 2
    edited = {state: replace(topics[place], text=edit(topics[place].text, turn)) for state, edit in EDITS.items()}
    expected = _numbers(reference, topics)
    after = {state: _numbers(reference, [topic])[topic.slug] for state, topic in edited.items()}
    if after["last cell"] == after["prose"] or after["first cell"] == after["prose"]:
        print("note: an edit changed no number; what is stale would not be seen", file=sys.stderr)
    for engine in engines:
        cold = turn < (repeat if engine.quick else max(1, repeat - 1))
        engine.write(topics)
        if cold:
            engine.forget()
            timings.add(engine.name, "cold", engine.run())
        elif engine.caches:
            engine.run()
        if cold:
            for topic in topics:
                _compare(engine, topic, expected[topic.slug])
        if engine.caches:
            timings.add(engine.name, "nothing", engine.run())
        for state, topic in () if engine.whole else edited.items():
            if state == "prose" and not engine.caches:
                continue  # whoever runs notebooks by hand knows that there is nothing to run
            engine.write([topic])
            timings.add(engine.name, state, engine.run([topic.slug]))
            _compare(engine, topic, after[state])
            if state == "prose" and topic.text.splitlines()[-1] not in engine.said(topic):
                raise Disagreement(f"{engine.name}: {topic.slug} does not have its new words")
        print(f"… {engine.name}, turn {turn + 1} of {repeat}", file=sys.stderr, flush=True)


def _keep(articles: Path, topics: Sequence[Topic]) -> None:
    kept = {topic.slug for topic in topics}
    for path in articles.glob("*/en.md"):
        if path.parent.name not in kept:
            shutil.rmtree(path.parent)


def _numbers(reference: Bare, topics: Sequence[Topic]) -> dict[str, dict[str, float]]:
    """What each of these topics publishes: slug -> name -> value, single numbers only."""
    shutil.rmtree(reference.folder / "in")
    (reference.folder / "in").mkdir()
    reference.write(topics)
    reference.run()
    found: dict[str, dict[str, float]] = {}
    for part in (reference.folder / "said").read_text().split("topic ")[1:]:
        slug, said = part.split("\n", 1)
        found[slug] = {}
        for name, text in PRINTED.findall(said):
            if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", text):
                found[slug][name] = float(text)
    return found


def _compare(engine: Engine, topic: Topic, expected: dict[str, float]) -> None:
    for name, value in expected.items():
        # Of the articles each page prints its own choice of digits, and the build holds them to results.json.
        if isinstance(engine, Marovi) and f"{{glue}}`{name}:.9g`" not in topic.text:
            continue
        if not engine.holds(topic, name, value):
            raise Disagreement(f"{engine.name}: {topic.slug} does not say {name} = {value:.9g}")


def _engines(peers: Peers, work: Path, project: Path, topics: Sequence[Topic]) -> list[Engine]:
    folders = (work / str(number) for number in range(len(NAMES)))
    whole, kept, once, english, floor, drawn, one, two, mill, book = zip(NAMES, folders, strict=True)
    slugs = [topic.slug for topic in topics]
    return [
        Marovi(*whole, project),
        Marovi(*kept, project, ["--keep"]),
        Marovi(*once, project, ["--once"]),
        Marovi(*english, project, ["--once"], english=True),
        Bare(*floor, peers),
        Bare(*drawn, peers, project / "articles"),
        Notebooks(*one, peers, "nbclient"),
        Notebooks(*two, peers, "nbclient", 2),
        Notebooks(*mill, peers, "papermill"),
        MystNb(*book, peers, slugs),
    ]


def write_project(root: Path, project: Path, which: str) -> None:
    project.mkdir()
    if which == "small":
        write_small(project, root / "templates")
        return
    for name in ("articles", "templates"):
        shutil.copytree(root / name, project / name)
    shutil.copy(root / "pyproject.toml", project)
    # An edit may change printed digits, which a build refuses while they are recorded.
    for path in (project / "articles").glob("*/results.json"):
        path.unlink()
