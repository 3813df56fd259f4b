"""The bot in a process of its own, as `marovi deploy` would be, with short waits: it can be killed at any instant."""

from __future__ import annotations

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from typing import Any

from pipeline.deploy.apply import apply
from pipeline.deploy.deployment import Deployment
from pipeline.deploy.plan import plan
from pipeline.deploy.read_wiki import read_live
from pipeline.deploy.rights import require
from pipeline.deploy.session import Session
from pipeline.deploy.stamp import Stamp
from pipeline.deploy.target import Target
from pipeline.errors import WikiError
from pipeline.render.page import Rendered

LONGEST_SLEEP = 0.02  # seconds
Context = multiprocessing.get_context("forkserver")
Context.set_forkserver_preload(["tests.deploy.chaos_bot"])


class KnownUnless:
    """All titles are known but those with a prefix that nothing makes: what other schedules left is no orphan."""

    def __init__(self, prefix: str, titles: frozenset[str]) -> None:
        self.prefix, self.titles = prefix, titles

    def __contains__(self, title: object) -> bool:
        return title in self.titles or self.prefix not in str(title)


def publish(
    target: Target, rendered: Rendered, deployment: str, prefix: str, read_timeout: float, prune: bool = False
) -> Deployment | str:
    """Deploy once; return what was done, or the sentence with which it ended before the first edit."""

    def sleep(seconds: float) -> None:
        time.sleep(min(seconds, LONGEST_SLEEP))

    try:
        session = Session(target, sleep=sleep, jitter=random.random, timeout=(5.0, read_timeout))
        pages, files = [one.title for one in rendered.pages], [one.title for one in rendered.files]
        live = read_live(session, pages, files, KnownUnless(prefix, frozenset(pages + files)))
        made = plan(rendered, live, session.user, target=target.url, languages=session.languages, prune=prune)
        require(session, made)
        return apply(session, made, Stamp(deployment, "abc1234"))
    except WikiError as error:
        return str(error)


def _run(answer: Connection, words: tuple[Any, ...]) -> None:
    answer.send(publish(*words))


def started(*words: Any) -> tuple[Any, Connection]:
    """Start the bot; return its process, and where its report will arrive."""
    ours, theirs = Context.Pipe(duplex=False)
    process = Context.Process(target=_run, args=(theirs, words), daemon=True)
    process.start()
    theirs.close()
    return process, ours
