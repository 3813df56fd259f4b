"""The plan: a pure function of what is wanted and what stands on the wiki."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.deploy.live import Live, LiveFile, LivePage
from pipeline.render.page import KINDS, File, Page, Rendered

Action = Literal["create", "update", "unchanged", "adopt", "conflict", "upload"]
DOES_SOMETHING: frozenset[Action] = frozenset({"create", "update", "upload"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one page or file."""

    action: Action
    wanted: Page | File
    live: LivePage | LiveFile
    sets_language: bool = False

    @property
    def title(self) -> str:
        return self.wanted.title

    @property
    def kind(self) -> str:
        return self.wanted.kind if isinstance(self.wanted, Page) else "file"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every wanted page and file with what is to become of it, in the order in which it is done."""

    target: str  # address of the wiki
    bot: str
    changes: tuple[Change, ...]

    def having(self, *actions: Action) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action in actions)


def plan(wanted: Rendered, live: Live, bot: str, target: str = "", set_languages: bool = False) -> Plan:
    """Compare: the last revision's author and hash decide, nothing else. No page that a person edited last is changed.

    `bot` is the account's name on the wiki; interface pages count only if they are in `wanted`.
    """
    changes = [_page(page, live.pages[page.title], bot, set_languages) for page in wanted.pages]
    changes += [_file(file, live.files[file.title], bot) for file in wanted.files]
    return Plan(target, bot, tuple(sorted(changes, key=lambda change: (KINDS.index(change.kind), change.title))))


def _page(page: Page, live: LivePage, bot: str, set_languages: bool) -> Change:
    if not live.revision:
        return Change("create", page, live, set_languages and bool(page.language))
    ours = live.user == bot
    if live.sha1 != page.sha1:
        action: Action = "update" if ours and live.sha1 else "conflict"
    else:
        action = "unchanged" if ours else "adopt"
    differs = bool(page.language) and page.language != live.language
    return Change(action, page, live, set_languages and differs and action != "conflict")


def _file(file: File, live: LiveFile, bot: str) -> Change:
    if not live.sha1:
        return Change("upload", file, live)
    if live.sha1 == file.sha1:
        return Change("unchanged" if live.user == bot else "adopt", file, live)
    return Change("upload" if live.user == bot else "conflict", file, live)
