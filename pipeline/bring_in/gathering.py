"""Which page is what: topics with their translations and summaries, glossary concepts, and pages of neither kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.bring_in.model import Left, WikiPage

SUMMARY = "summary"
GLOSSARY = "Glossary"
IGNORED = frozenset(("Main Page", "Learning Path"))  # the pipeline writes them itself


@dataclass
class Group:
    """A page in the source language with what belongs to it, by language."""

    title: str
    pages: dict[str, WikiPage] = field(default_factory=dict)
    summaries: dict[str, WikiPage] = field(default_factory=dict)


@dataclass
class Gathered:
    topics: list[Group] = field(default_factory=list)
    concepts: list[Group] = field(default_factory=list)
    categories: dict[str, WikiPage] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)


def gather(pages: Iterable[WikiPage], languages: tuple[str, ...]) -> Gathered:
    """Join pages by their titles: `X`, `X/es`, `X/summary`, `X/summary/es`."""
    found = Gathered()
    groups: dict[tuple[str, str], Group] = {}
    for page in sorted(pages, key=lambda page: page.title):
        if page.redirect:
            found.redirects[page.title] = page.redirect.partition("#")[0]
            found.left.append(Left(page.title, 1, "left out", page.text, f"a redirect to {page.redirect}"))
        elif page.namespace == "Category":
            found.categories[page.title] = page
        elif page.namespace not in ("", GLOSSARY):
            found.left.append(
                Left(page.title, 1, "left out", page.text, f"pages of {page.namespace}: are not imported")
            )
        else:
            base, is_summary, language = _parts(page.title, languages, page.namespace == "")
            if base in IGNORED:
                found.left.append(Left(page.title, 1, "left out", page.text, "the pipeline writes this page itself"))
                continue
            group = groups.setdefault((page.namespace, base), Group(base))
            (group.summaries if is_summary else group.pages)[language] = page
    for (namespace, base), group in sorted(groups.items()):
        # Where there is nothing in the source language, nothing can be a translation of it.
        if languages[0] in group.pages:
            (found.concepts if namespace == GLOSSARY else found.topics).append(group)
            continue
        for page in (*group.pages.values(), *group.summaries.values()):
            why = f"there is no page {base!r} in the source language ({languages[0]})"
            found.left.append(Left(page.title, 1, "left out", page.text, why))
    _foreign_languages(found, languages)
    return found


def _parts(title: str, languages: tuple[str, ...], summaries: bool) -> tuple[str, bool, str]:
    language = languages[0]
    base, slash, last = title.rpartition("/")
    if slash and last in languages[1:]:
        title, language = base, last
    base, slash, last = title.rpartition("/")
    if summaries and slash and last == SUMMARY:
        return base, True, language
    return title, False, language


def _foreign_languages(found: Gathered, languages: tuple[str, ...]) -> None:
    """`X/fr` beside `X` is a translation into a language that is not configured, and no topic."""
    titles = {group.title for group in (*found.topics, *found.concepts)}
    for groups in (found.topics, found.concepts):
        for group in list(groups):
            base, slash, last = group.title.rpartition("/")
            if slash and base in titles and re.fullmatch(r"[a-z]{2,3}(-[a-z]+)?", last):
                groups.remove(group)
                for page in (*group.pages.values(), *group.summaries.values()):
                    why = f"the language {last!r} is not in languages of [tool.marovi]"
                    found.left.append(Left(page.title, 1, "left out", page.text, why))
