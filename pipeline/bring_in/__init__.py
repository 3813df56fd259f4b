"""Bring in what exists: pages of a wiki become topic folders, and what could not be carried over is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import mwparserfromhell
import yaml

from pipeline.bring_in.gathering import Gathered, Group, gather
from pipeline.bring_in.glossary import concept_file, key_of
from pipeline.bring_in.inline import words
from pipeline.bring_in.model import Brought, Left, Wiki, WikiPage
from pipeline.bring_in.names import Names, Section, slug_of
from pipeline.bring_in.pictures import file_name, file_title
from pipeline.bring_in.references import bibtex, entry_of, known_reference, references_in
from pipeline.bring_in.seen import formulas_in, missing_words, said, seen_in_wikitext, split_heads
from pipeline.bring_in.topic import Around, Made, topic_files
from pipeline.bring_in.vocabulary import new_categories
from pipeline.errors import Where
from pipeline.read.article import Reference, Sources
from pipeline.read.shared import BESIDE
from pipeline.render.references import formatted

__all__ = ["Brought", "Existing", "bring_in"]


@dataclass(frozen=True, slots=True)
class Existing:
    """What the project has already: imported pages refer to it, and nothing of it is changed."""

    languages: tuple[str, ...]
    sources: Sources | None = None
    folders: frozenset[str] = field(default_factory=frozenset)  # of topics
    concepts: frozenset[str] = field(default_factory=frozenset)  # keys of glossary files


def bring_in(wiki: Wiki, existing: Existing) -> Brought:
    """Turn a wiki's pages into the files of topics, of the glossary, and lines for categories.yaml, references.bib.

    Files are named below the folder of articles; `categories.yaml` and `references.bib` hold only what is new. A topic
    or concept whose folder or file is there already is left out, and said.
    """
    gathered = gather(wiki.pages, existing.languages)
    left = [*wiki.left, *gathered.left]
    slugs = _slugs(gathered, existing, left)
    names, keys = _names(gathered, slugs, existing, left)
    categories, lines = new_categories(gathered, names, left)
    vocabulary = {**names.vocabulary, **lines}
    names = replace(names, vocabulary=vocabulary)
    new, entries = _references(gathered, names)
    references = {**names.references, **{key: entry for key, entry, _ in entries}}
    around = Around(replace(names, references=references), new, categories)

    pictures = {slug: _pictures(group, wiki, left) for slug, group in slugs.items()}
    made = _read_twice(slugs, around, pictures)
    sections = {
        (slug, file.removesuffix(".md")): one.sections
        for slug, files in made.items()
        for file, one in files.items()
        if "/" not in file
    }
    around = replace(around, names=replace(around.names, sections={**around.names.sections, **sections}))

    files: dict[str, bytes] = {}
    for slug, topic in made.items():
        for name, one in topic.items():
            files[f"{slug}/{name}"] = one.text.encode()
            folder = f"{slug}/{name}".rpartition("/")[0]
            for title in one.pictures:
                file, content = pictures[slug][title]
                files[f"{folder}/{file}"] = content
            left += [*one.left, *_missing(one.page, [one.text, *_cited(one, around, name)], one.left, wiki)]
    for key, group in keys.items():
        concept = concept_file(group, key, around)
        files[f"glossary/{key}.yaml"] = concept.text.encode()
        left += concept.left
        for page in group.pages.values():
            mine = tuple(entry for entry in concept.left if entry.page == page.title)
            left += _missing(page, [concept.text, key], mine, wiki)
    if lines:
        files["categories.yaml"] = "".join(_category(key, given) for key, given in lines.items()).encode()
    if entries:
        files["references.bib"] = "\n\n".join(text for _, _, text in entries).encode() + b"\n"
    order = {page.title: number for number, page in enumerate(sorted(wiki.pages, key=lambda page: page.title))}
    unique = sorted(dict.fromkeys(left), key=lambda entry: (order.get(entry.page, -1), entry.line))
    return Brought(files, {slug: group.title for slug, group in slugs.items()}, tuple(keys), tuple(unique))


def _slugs(gathered: Gathered, existing: Existing, left: list[Left]) -> dict[str, Group]:
    """The new topics by slug."""
    found: dict[str, Group] = {}
    for group in gathered.topics:
        slug = slug_of(group.title)
        slug += "-topic" if slug in BESIDE else ""  # folders of articles/ that hold no topic
        if slug in existing.folders or slug in found:
            why = f"the folder {slug} is there already" if slug in existing.folders else f"the slug {slug} is taken"
            for page in (*group.pages.values(), *group.summaries.values()):
                left.append(Left(page.title, 1, "left out", page.text, f"{why}: nothing is overwritten"))
        else:
            found[slug] = group
    return found


def _names(
    gathered: Gathered, slugs: Mapping[str, Group], existing: Existing, left: list[Left]
) -> tuple[Names, dict[str, Group]]:
    """All that pages may refer to, of the project and of the import; and the new concepts by key."""
    sources = existing.sources
    topics = {group.title: slug for slug, group in slugs.items()}
    sections: dict[tuple[str, str], tuple[Section, ...]] = {}
    vocabulary: Mapping[str, Mapping[str, str]] = {}
    references: Mapping[str, Reference] = {}
    terms: dict[str, dict[str, str]] = {language: {} for language in existing.languages}
    concepts: set[str] = set()
    if sources is not None:
        from pipeline.render.wikitext.headings import anchors

        planned = {titles[existing.languages[0]]: slug for slug, titles in sources.planned.items() if titles}
        written = {article.title: slug for slug, article in sources.articles.items()}
        topics = {**planned, **written, **topics}
        vocabulary, references = sources.vocabulary, sources.references
        for slug, article in sources.articles.items():
            for language, version in article.versions.items():
                called = anchors(version.document.blocks)
                sections[slug, language] = tuple(
                    Section((called[one.id].casefold(), one.id), one.id) for one in version.headings
                )
        for key, concept in sources.concepts.items():
            concepts.add(key)
            for language, text in concept.texts.items():
                terms.setdefault(language, {}).update(dict.fromkeys(map(_plain, (text.term, *text.aliases)), key))
    names = Names(
        existing.languages, topics, gathered.redirects, sections, vocabulary=vocabulary, references=references
    )
    keys: dict[str, Group] = {}
    for group in gathered.concepts:
        key = key_of(group, Around(names, {}, {}))
        if key in existing.concepts or key in keys:
            for page in group.pages.values():
                why = f"glossary/{key}.yaml is there already: nothing is overwritten"
                left.append(Left(page.title, 1, "left out", page.text, why))
            continue
        keys[key] = group
        concepts.add(key)
        terms[existing.languages[0]].setdefault(_plain(group.title.partition(":")[2]), key)
    return replace(names, concepts=frozenset(concepts), terms=terms), keys


def _plain(word: str) -> str:
    return " ".join(word.lower().split())


def _references(gathered: Gathered, names: Names) -> tuple[dict[str, str], list[tuple[str, Reference, str]]]:
    """References that say all an entry needs: their wikitext with a key, and the entries with their BibTeX."""
    new: dict[str, str] = {}
    entries: list[tuple[str, Reference, str]] = []
    taken = dict(names.references)
    for group in gathered.topics:
        for page in (*group.pages.values(), *group.summaries.values()):
            for found in references_in(mwparserfromhell.parse(page.text, skip_style_tags=True)):
                text = str(found.content).strip()
                if text in new or known_reference(found, taken):
                    continue
                entry = entry_of(found, taken)
                if entry is not None:
                    key, kind, fields = entry
                    taken[key] = Reference(key, kind, fields, Where("articles/references.bib"))
                    new[text] = key
                    entries.append((key, taken[key], bibtex(key, kind, fields)))
    return new, entries


def _pictures(group: Group, wiki: Wiki, left: list[Left]) -> dict[str, tuple[str, bytes]]:
    """The PNG files that a topic's pages show: a name in the folder, and the content."""
    found: dict[str, tuple[str, bytes]] = {}
    for page in (*group.pages.values(), *group.summaries.values()):
        for node in mwparserfromhell.parse(page.text, skip_style_tags=True).filter_wikilinks(recursive=True):
            title = file_title(node)
            name = file_name(title)
            kind = str(node.title).partition(":")[0].strip().lower()
            if kind not in ("file", "image", "archivo", "imagen", "文件", "图像") or not name or title in found:
                continue
            content = wiki.picture(title)
            if content is not None:
                prefix = slug_of(group.title) + "-"
                name = name.removeprefix(prefix) if name != prefix + ".png" else name
                while name in [other for other, _ in found.values()]:
                    name = "x-" + name
                found[title] = (name, content)
    return found


def _read_twice(
    slugs: Mapping[str, Group], around: Around, pictures: Mapping[str, Mapping[str, tuple[str, bytes]]]
) -> dict[str, dict[str, Made]]:
    """The first time for the sections, to which links lead the second time."""
    made: dict[str, dict[str, Made]] = {}
    for _ in range(2):
        sections = dict(around.names.sections)
        for slug, files in made.items():
            sections |= {
                (slug, name.removesuffix(".md")): one.sections for name, one in files.items() if "/" not in name
            }
        names = replace(around.names, sections=sections)
        for slug, group in slugs.items():
            own = {title: file for title, (file, _) in pictures[slug].items()}
            made[slug] = topic_files(group, slug, replace(around, names=names, pictures=own))
    return made


def _cited(made: Made, around: Around, name: str) -> list[str]:
    """What the pipeline will print for the references that a page cites."""
    language = name.rpartition("/")[2].removesuffix(".md")
    return [words(formatted(around.names.references[key], language)) for key in made.cited]


def _missing(page: WikiPage, made: list[str], said_of: tuple[Left, ...], wiki: Wiki) -> list[Left]:
    """The words of the page that are nowhere now."""
    text, summary = split_heads(page.text)
    seen = f"{wiki.shown(page.title, text)}\n{formulas_in(text)}" if wiki.shown else seen_in_wikitext(text)
    seen += "\n" + seen_in_wikitext(summary)
    known = [said("\n".join(made)), *(f"{entry.text}\n{seen_in_wikitext(entry.text)}" for entry in said_of)]
    found = missing_words(seen, known)
    if not found:
        return []
    by = "as the wiki draws it" if wiki.shown else "by a plain strip of its markup"
    return [Left(page.title, 1, "missing", " ".join(found), f"words of the page {by} that are not in the files")]


def _category(key: str, given: Mapping[str, str]) -> str:
    line: str = yaml.safe_dump(
        {key: dict(given)}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000
    )
    return line
