"""Schedules of faults, kills and people's edits: data, drawn from a seed, with the sources that are to be published."""

from __future__ import annotations

import functools
import io
import random
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from pipeline.render.page import KINDS, File, Kind, Listed, Newest, Page, Rendered
from pipeline.render.templates.newest import by_their_text
from tests.deploy.faults import FAULTS, HELD

Moment = Literal["before", "during", "after"]
LINES = 7


@dataclass(frozen=True)
class Point:
    """The `number`-th request of a run, from 0; with an action, of those with that action."""

    action: str
    number: int


@dataclass(frozen=True)
class Trouble:
    at: Point
    fault: str  # a name in FAULTS, or HELD
    times: int = 1  # also at the next requests of the kind
    later: int = 1  # of HELD: after how many requests it is delivered


@dataclass(frozen=True)
class Touch:
    """Somebody does something to a page: before the run, or at one of its requests."""

    at: Point | None
    moment: Moment
    page: int | None  # None: the page that the request is about
    how: str  # see passers_by


@dataclass(frozen=True)
class Kill:
    at: Point
    moment: Moment


@dataclass(frozen=True)
class Run:
    version: int  # of the sources
    troubles: tuple[Trouble, ...] = ()
    touches: tuple[Touch, ...] = ()
    kill: Kill | None = None


@dataclass(frozen=True)
class Leaf:
    """A page of the schedule's sources: what it is called, and in which versions its first and last lines change."""

    title: str
    kind: Kind
    language: str
    changes: tuple[str, ...]  # by version: "", "first", "last", "both"


@dataclass(frozen=True)
class Schedule:
    """Sources in several versions, and runs of the bot one after another; a clean run always comes at the end."""

    seed: int
    leaves: tuple[Leaf, ...]
    files: tuple[tuple[int, ...], ...]  # by file: which picture, by version
    moved_from: int | None  # version from which the first topic has another title
    dropped_from: int | None  # version from which the last leaf is no longer made
    runs: tuple[Run, ...]

    @property
    def prefix(self) -> str:
        """What every title of this schedule holds, and none of another."""
        return f"C{self.seed:07}"

    def sources(self, version: int) -> Rendered:
        """What the bot is to publish in this version."""
        moved = self.moved_from is not None and version >= self.moved_from
        dropped = self.dropped_from is not None and version >= self.dropped_from
        leaves = self.leaves[:-1] if dropped else self.leaves
        pages = [self._page(leaf, version, moved) for leaf in leaves]
        pages.sort(key=lambda page: (KINDS.index(page.kind), page.title))
        files = [self._file(number, pictures[version]) for number, pictures in enumerate(self.files)]
        names = sorted(page.title for page in pages if page.kind == "topic" and page.language != "es")
        listed = tuple(Listed(name, "2026-01-01", {"en": (name, name)}) for name in names)
        newest = Newest(f"{self.prefix} newest", "articles", listed)
        return Rendered((*pages, by_their_text(newest)), tuple(files), newest=newest)

    def _page(self, leaf: Leaf, version: int, moved: bool) -> Page:
        first = max((v for v in range(version + 1) if leaf.changes[v] in ("first", "both")), default=0)
        last = max((v for v in range(version + 1) if leaf.changes[v] in ("last", "both")), default=0)
        name = leaf.title
        slug = name.replace(self.prefix, self.prefix.lower()).partition("/")[0].replace(" ", "-")
        source = f"articles/{slug}/{leaf.language or 'en'}.md"
        if moved:
            name = name.replace(f"{self.prefix} a", f"{self.prefix} moved a")
        middle = [f"Line {number} of this page stays as it is." for number in range(LINES)]
        text = "\n\n".join([f"The first line, version {first}.", *middle, f"The last line, version {last}."])
        return Page(name, leaf.kind, text, leaf.language, source)

    def _file(self, number: int, shade: int) -> File:
        title = f"File:{self.prefix} {number}.png"
        return File(title, picture(self.seed, number * 16 + shade), "A picture.", "en", f"articles/x/{self.seed}.md")


@functools.cache
def picture(seed: int, shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (seed % 256, seed // 256 % 256, shade % 256)).save(stream, "PNG")
    return stream.getvalue()


# --- drawing ------------------------------------------------------------------------------------------------------


def draw(seed: int) -> Schedule:
    """Draw a schedule; the same seed gives the same one."""
    rng = random.Random(seed)
    prefix = f"C{seed:07}"
    many = rng.choice([2, 2, 2, 3])
    versions = 1 + many
    leaves = [Leaf(f"{prefix} a", "topic", rng.choice(["", "", "en"]), ())]
    if rng.random() < 0.6:
        leaves.append(Leaf(f"{prefix} a/es", "topic", "es", ()))
    others = [
        Leaf(f"Template:{prefix} t", "template", "", ()),
        Leaf(f"Category:{prefix} c", "category", "", ()),
        Leaf(f"{prefix} b", "topic", "", ()),
        Leaf(f"Glossary:{prefix} g", "glossary", "", ()),
        Leaf(f"{prefix} d", "topic", "", ()),
    ]
    rng.shuffle(others)
    leaves += others[: rng.randint(3, 5) - len(leaves) + rng.randint(0, 1)]
    kinds = ("", "first", "last", "last", "last", "both")
    leaves = [replace(leaf, changes=("both", *(rng.choice(kinds) for _ in range(many)))) for leaf in leaves]
    files = [[0] for _ in range(rng.randint(1, 2))]
    for shades in files:
        for _ in range(many):
            shades.append(shades[-1] + (rng.random() < 0.15))
    moved_from = rng.randint(1, many) if rng.random() < 0.2 else None
    dropped_from = rng.randint(1, many) if rng.random() < 0.15 else None
    actions = ["edit"] * 9 + [""] * 6 + ["upload"] * 3 + ["query"] * 2 + ["setpagelanguage"]
    actions += ["move"] * 3 * (moved_from is not None) + ["delete"] * 3 * (dropped_from is not None)

    def point() -> Point:
        action = rng.choice(actions)
        return Point(action, rng.randint(0, {"edit": 3, "": 12, "query": 3}.get(action, 0)))

    def trouble() -> Trouble:
        fault = rng.choice([*sorted(FAULTS), HELD, HELD, HELD])
        return Trouble(point(), fault, rng.choice([1] * 12 + [2, 3, 8]), rng.randint(1, 4))

    def touch(run: int) -> Touch:
        how = rng.choice(["end", "end", "top", "top", "middle", "same", "all", "wanted", "upload", "create"])
        if run and rng.random() < 0.15:
            at = None
        else:
            # Mostly where it hurts: the very page, in the very moment in which the bot saves it.
            at = Point("edit", rng.randint(0, 2)) if rng.random() < 0.75 else point()
            if dropped_from is not None and rng.random() < 0.3:
                at = Point("delete", 0)
        page = rng.randrange(len(leaves)) if at is None or rng.random() < 0.25 else None
        return Touch(at, rng.choice(["before", "before", "during", "after"]), page, how)

    runs = []
    version = 0
    for number in range(many):
        troubles = tuple(trouble() for _ in range(rng.choice([0, 1, 2, 3, 4, 6])))
        touches = tuple(touch(number) for _ in range(rng.choice([0, 1, 2, 3, 3] if number else [0, 0, 0, 0, 1])))
        kill = Kill(point(), rng.choice(["before", "during", "after"])) if rng.random() < 0.5 else None
        runs.append(Run(version, troubles, touches, kill))
        version = min(version + rng.choice([0, 1, 1, 1]), versions - 1)
    runs.append(Run(version))
    pictures = tuple(tuple(shades) for shades in files)
    return Schedule(seed, tuple(leaves), pictures, moved_from, dropped_from, tuple(runs))
