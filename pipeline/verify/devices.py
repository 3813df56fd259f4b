"""Run topics on several devices and hold what their pages would show against each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from pipeline.config import Config
from pipeline.errors import Problem
from pipeline.read.article import Article
from pipeline.run.cache import Entry
from pipeline.run.convert import results_of
from pipeline.run.orders import work_of
from pipeline.run.problems import problem_of
from pipeline.run.record import Record
from pipeline.run.schedule import Task, execute
from pipeline.run.settings import Progress, RunSettings, silent
from pipeline.run.surroundings import processor
from pipeline.verify.accepted import agree, disagree
from pipeline.verify.agreement import Disagreement, disagreements

Verdict = Literal["agrees", "differs", "fails", "not accepted"]


@dataclass(frozen=True, slots=True)
class TopicOnDevices:
    """What came of one topic on a device, held against the first device; `seconds` is what its cells took there."""

    slug: str
    device: str
    verdict: Verdict
    seconds: float
    declared: int  # values and figures whose author says why they differ
    problems: tuple[Problem, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def missing(device: str) -> str:
    """Say in a sentence why this machine cannot compute on a device, "" where it can. Imports torch for "cuda"."""
    if device != "cuda":
        return ""
    import torch

    if torch.cuda.is_available():
        return ""
    if not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]
        return f"this machine cannot compute on cuda: PyTorch {torch.__version__} was built without it"
    return "this machine cannot compute on cuda: torch finds no CUDA device"


def compare_devices(
    config: Config,
    articles: Sequence[Article],
    devices: Sequence[str],
    progress: Callable[[Progress], None] = silent,
    *,
    record: bool = True,
) -> tuple[TopicOnDevices, ...]:
    """Run each topic once on each device and say how those after the first agree with it.

    With `record` results.json notes each device that agrees, if it holds what the first device gave, and no longer
    notes one that does not. Raises RunError when the machinery breaks; a topic that fails is a verdict.
    """
    ran = {device: run_on(config, articles, device, progress) for device in devices}
    first, *others = devices
    found = []
    for article in articles:
        reference = ran[first][article.slug]
        for device in others:
            topic = _judged(article, reference, ran[device][article.slug], device)
            if record and isinstance(reference, dict):
                topic = _recorded(config, topic, article, reference, ran[device][article.slug])
            found.append(topic)
    return tuple(found)


def run_on(
    config: Config, articles: Sequence[Article], device: str, progress: Callable[[Progress], None]
) -> dict[str, Record | tuple[Problem, ...]]:
    """Run each topic once on a device; return its record, or what is wrong with it there."""
    settings = RunSettings.of(config, reproduce=False, device=device)
    by_slug = {article.slug: article for article in articles}
    tasks = [
        Task(article.slug, work_of(article, settings, draw=False, numbers=True), again=False) for article in articles
    ]
    outcomes: dict[str, Record | tuple[Problem, ...]] = {}
    for finished in execute(tasks, settings, progress):
        slug, outcome = finished.task.slug, finished.outcome
        if isinstance(outcome, list):
            problems = (problem_of(fault, by_slug[slug], again=False) for fault in outcome)
            outcomes[slug] = tuple(replace(one, message=f"{one.message} (on {device})") for one in problems)
        else:
            outcomes[slug] = outcome
    return outcomes


def _judged(
    article: Article, one: Record | tuple[Problem, ...], other: Record | tuple[Problem, ...], device: str
) -> TopicOnDevices:
    problems = tuple(problem for side in (one, other) if isinstance(side, tuple) for problem in side)
    if isinstance(one, tuple) or isinstance(other, tuple):
        return TopicOnDevices(article.slug, device, "fails", 0.0, 0, problems)
    found = disagreements(article, one, other)
    published = (*one["values"].values(), *one["figures"].values())
    declared = sum("differs" in item for item in published)
    return TopicOnDevices(article.slug, device, "differs" if found else "agrees", other["seconds"], declared, (), found)


def _recorded(
    config: Config, topic: TopicOnDevices, article: Article, one: Record, other: Record | tuple[Problem, ...]
) -> TopicOnDevices:
    """Write into results.json what came out; a topic whose numbers nobody has accepted has another verdict."""
    if topic.verdict != "agrees" or isinstance(other, tuple):
        disagree(article, [topic.device])
        return topic
    results = results_of(article, Entry(one, None, config.cache, "", {}, {}), reproduced=False, cached=False)
    environment = other["environment"]
    name = environment["device"] if topic.device == "cuda" else processor()
    today = datetime.now(UTC).date().isoformat()
    noted = agree(article, results, {topic.device: (name, environment["torch"])}, today)
    return topic if noted else replace(topic, verdict="not accepted")
