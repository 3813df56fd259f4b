"""Exchange a translation's texts with translators' own tools: gettext's PO, one message a text."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from pipeline.config import Config
from pipeline.errors import MaroviError, Problem, SourceError, Where, suggest
from pipeline.pull.names import known
from pipeline.read import read_all
from pipeline.read.context import Known
from pipeline.translate.align import with_translation
from pipeline.translate.carry import SECTION, Carry
from pipeline.translate.command import Page, keep, pages_of, save
from pipeline.translate.head import Place, comments_above, replaced, texts_of, without_comments
from pipeline.translate.marks import HEAD, PROSE, kinds, mark, without
from pipeline.translate.parts import parts_of, with_texts
from pipeline.translate.protected import differences, kept
from pipeline.translate.refresh import renumbered
from pipeline.translate.text import File, Section, put_together, take_apart

DOUBTFUL = ("outdated", "untraced", "fuzzy")
LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text: what the source says, what the translation says, and where that stands in its file."""

    context: str
    source: str
    line: int  # in the source's file
    text: str  # "" where it is not translated
    fuzzy: bool
    prose: bool
    note: str
    place: Place | tuple[int, int, int] | None  # in the head; section, block and part; None: has no place


@dataclass(frozen=True, slots=True)
class Count:
    """How many texts an exported file has."""

    texts: int
    translated: int
    fuzzy: int

    def __str__(self) -> str:
        return f"{self.texts} texts, {self.translated} translated, {self.fuzzy} of them outdated (fuzzy)"


def export(config: Config, slug: str, language: str, target: Path) -> Count:
    """Write a topic's texts with their translations into a PO file, which may be there already from an export."""
    pages, _ = pages_of(config, slug, language)
    carry = _carry(config, language)
    catalog = Catalog(
        locale=language.replace("-", "_"),
        header_comment=f"# {slug} in {language}: exported by `marovi translate`, to be taken in by it",
        project=slug,
        version="1",
        msgid_bugs_address="unset",
        last_translator="unset",
        language_team=language,
        charset="utf-8",
        revision_date=datetime.now(UTC),
        fuzzy=False,
    )
    entries = [(page, entry) for page in pages for entry in entries_of(page, carry)]
    for page, entry in entries:
        flags = {"fuzzy"} if entry.fuzzy else set()
        where = [(page.article.source.file, entry.line)]
        notes = [entry.note] if entry.note else []
        message = catalog.add(entry.source, entry.text, where, flags, auto_comments=notes, context=entry.context)
        message.flags -= {"python-format", "python-brace-format"}
    out = io.BytesIO()
    write_po(out, catalog, width=0)
    save(target, out.getvalue().decode("utf-8"))
    texts = [entry for _, entry in entries]
    return Count(len(texts), sum(bool(one.text) for one in texts), sum(one.fuzzy for one in texts))


def take_in(config: Config, slug: str, language: str, file: Path) -> dict[str, int]:
    """Take the texts of a PO file into a topic's translation; file -> texts that changed.

    Raises SourceError, with nothing written, for every text that loses or damages what must stay.
    """
    pages, _ = pages_of(config, slug, language)
    carry = _carry(config, language)
    messages = _read(file)
    problems: list[Problem] = []
    entries = [(page, list(entries_of(page, carry))) for page in pages]
    contexts = {entry.context for _, ours in entries for entry in ours}
    for context, message in messages.items():
        if context not in contexts:
            where = Where(str(file), message.lineno or 1)
            remedy = suggest(context, contexts) or "export again, and merge this file into the new one"
            problems.append(Problem(where, f"no text of {slug} has the context {context!r}", remedy, "parity"))
    written: list[tuple[Page, str, int]] = []
    for page, ours in entries:
        text, count = _taken(page, ours, messages, file, carry, problems)
        if text != page.result.text:
            written.append((page, text, count))
    if problems:
        raise SourceError(problems)
    for page, text, _ in written:
        keep(config, page)
        save(page.path, text)
    return {page.file: count for page, _, count in written}


def entries_of(page: Page, carry: Carry) -> Iterator[Entry]:
    """The texts of a page in the order of its source."""
    ours = take_apart(page.result.text)
    yield from _head_entries(page, ours, carry)
    for number, (name, source, section) in enumerate(
        zip(page.source.hashes, page.source.file.sections, ours.sections, strict=True)
    ):
        pairs = with_translation(source.blocks, section.blocks)
        counts: Counter[str] = Counter()
        for index, block in enumerate(source.blocks):
            parts = parts_of(block)
            counts[block.kind] += 1
            base = "/".join(filter(None, (_page(page), name or LEAD, f"{block.kind}-{counts[block.kind]}")))
            twin = pairs.get(index)
            mine = section.blocks[twin] if twin is not None else None
            theirs = parts_of(mine) if mine else ()
            for place, part in enumerate(parts):
                context = base if len(parts) == 1 else f"{base}/{place + 1}"
                line = block.line + block.text[: part.start].count("\n")
                if mine is None or twin is None or len(theirs) != len(parts):
                    yield Entry(context, part.text, line, "", False, True, "the translation has no place for it", None)
                    continue
                waits = "untranslated" in kinds(mine.comments)
                text = "" if waits and _same(theirs[place].text, carry.words(part.text)) else theirs[place].text
                doubtful = bool(text) and (waits or any(kind in DOUBTFUL for kind in kinds(mine.comments)))
                yield Entry(context, part.text, line, text, doubtful, True, _note(mine.comments), (number, twin, place))


def _head_entries(page: Page, ours: File, carry: Carry) -> Iterator[Entry]:
    if page.article.parent:
        return
    mine = texts_of(ours.head)
    for place, one in texts_of(page.source.file.head).items():
        if place in mine:
            yield _head_entry(place, one.text, carry.words(one.text), one.line + 2, ours.head)
    for place in mine:
        if place[0] == "labels":
            yield _head_entry(place, str(place[1]), str(place[1]), 2, ours.head)


def _head_entry(place: Place, source: str, carried: str, line: int, head: str) -> Entry:
    scalar = texts_of(head)[place]
    comments = _comments(head, place)
    waits = "untranslated" in kinds(comments)
    text = "" if waits and _same(scalar.text, carried) else scalar.text
    fuzzy = bool(text) and (waits or any(kind in DOUBTFUL for kind in kinds(comments)))
    prose = place[0] not in ("title", "labels") and place[-1] != "alt"
    return Entry("head/" + "/".join(map(str, place)), source, line, text, fuzzy, prose, _note(comments), place)


def _comments(head: str, place: Place) -> tuple[str, ...]:
    """The comments that speak of a text in the head: above its line, and for a figure's above that of its name."""
    own = comments_above(head, place)
    if place[0] != "figures":
        return own
    first, at = _above_figure(head, str(place[1]))
    if at == texts_of(head)[place].line:
        return own
    return (*own, *(line.strip() for line in head.split("\n")[first:at]))


def _above_figure(head: str, name: str) -> tuple[int, int]:
    """The lines of the comments above a figure's name: the first of them, and that of the name."""
    lines = head.split("\n")
    at = texts_of(head)["figures", name, "caption"].line
    while at > 0 and not lines[at].strip().startswith((f"{name}:", f'"{name}":', f"'{name}':")):
        at -= 1
    first = at
    while first > 0 and lines[first - 1].lstrip().startswith(HEAD):
        first -= 1
    return first, at


def _taken(
    page: Page, entries: list[Entry], messages: dict[str, Message], file: Path, carry: Carry, problems: list[Problem]
) -> tuple[str, int]:
    """A page's text with the texts of a PO file, and how many of them are other ones."""
    ours = take_apart(page.result.text)
    head: dict[Place, str] = {}
    body: dict[tuple[int, int], dict[int, str]] = {}
    states: dict[Place, list[tuple[Entry, Message | None]]] = {}
    count = 0
    for entry in entries:
        message = messages.get(entry.context)
        if entry.place is not None:
            head_of = entry.context.startswith("head/")
            whole = entry.place if head_of and entry.place[0] != "figures" else entry.place[:2]
            states.setdefault(whole, []).append((entry, message))
        if message is None:
            continue
        new = str(message.string).strip() if isinstance(message.string, str) else ""
        found = list(_wrong(entry, message, new, file, carry))
        problems += found
        if not new or found or new == entry.text or entry.place is None:
            continue
        count += 1
        if entry.context.startswith("head/"):
            head[entry.place] = new
        else:
            section, block, part = (int(one) for one in entry.place)
            body.setdefault((section, block), {})[part] = new
    if problems:
        return page.result.text, 0
    sections = [list(section.blocks) for section in ours.sections]
    said = ours.head
    for place, pairs in states.items():
        if pairs[0][0].context.startswith("head/"):
            said = _marked_head(said, place, pairs)
        else:
            section, block = int(place[0]), int(place[1])
            old = sections[section][block]
            sections[section][block] = replace(old, comments=_left(old.comments, pairs, PROSE))
    for (section, block), texts in body.items():
        old = sections[section][block]
        sections[section][block] = replace(old, text=with_texts(old, texts))
    said = replaced(said, head)
    text = put_together(replace(ours, head=said, sections=tuple(Section(tuple(one)) for one in sections)))
    problems += _damaged(text, page, entries, messages, file, carry)
    return renumbered(page.result.text, text, carry), count


def _wrong(entry: Entry, message: Message, new: str, file: Path, carry: Carry) -> Iterator[Problem]:
    where = Where(str(file), message.lineno or 1)
    if message.id != entry.source:
        remedy = "export again, and merge this file into the new one (msgmerge)"
        yield Problem(where, f"{entry.context}: the source says something else now", remedy, "parity")
        return
    if not new or new == entry.text:
        return
    if entry.place is None:
        remedy = "write it into the file itself"
        yield Problem(where, f"{entry.context}: the translation has no place of its own for it", remedy, "parity")
        return
    if not entry.prose and "\n" in new:
        yield Problem(where, f"{entry.context}: has more than one line", "write it on one", "parity")
    theirs, wrong = kept(new, carry.language, carry.theirs, entry.prose)
    for one in wrong:
        yield replace(one, where=where, message=f"{entry.context}: {one.message}")
    mine, _ = kept(entry.source, carry.sources.languages[0], carry.ours, entry.prose)
    for said in differences(mine, theirs):
        remedy = "keep what stands in { }, $ $, ` ` and ( ) as the source has it; translate the words around it"
        yield Problem(where, f"{entry.context}: the translation {said}", remedy, "parity")


def _marked_head(head: str, place: Place, pairs: list[tuple[Entry, Message | None]]) -> str:
    """A head with the marks that the states of a text, or of all texts of a figure, ask for."""
    for entry, message in pairs:
        own = entry.place
        assert own is not None
        above = comments_above(head, own)
        figure = place[0] == "figures" and _above_figure(head, str(place[1]))[1] == texts_of(head)[own].line
        left = _left(above, pairs if figure else [(entry, message)], HEAD)
        head = without_comments(head, own, left) if left != above else head
    if place[0] == "figures":
        first, at = _above_figure(head, str(place[1]))
        lines = head.split("\n")
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        above = tuple(line.strip() for line in lines[first:at])
        left = tuple(line for line in _left(above, pairs, HEAD) if line in above)  # doubts stand above the text itself
        if left != above:
            head = "\n".join([*lines[:first], *(indent + line for line in left), *lines[at:]])
    return head


def _left(comments: tuple[str, ...], pairs: list[tuple[Entry, Message | None]], sign: str) -> tuple[str, ...]:
    """The comments above one or more texts, as what their translator says of them leaves or asks for."""
    done = all(_translated(entry, message) for entry, message in pairs)
    if done:
        comments = without(comments, "untranslated")
        if any(entry.fuzzy for entry, _ in pairs):
            comments = without(comments, *DOUBTFUL)
    doubt = any(message and message.fuzzy and not entry.fuzzy for entry, message in pairs)
    return (*comments, *mark("fuzzy", sign=sign)) if doubt and "fuzzy" not in kinds(comments) else comments


def _translated(entry: Entry, message: Message | None) -> bool:
    """Whether a text is done, as its translator says; one that the file does not speak of is what it was."""
    if message is None:
        return bool(entry.text) and not entry.fuzzy
    return bool(message.string) and not message.fuzzy


def _same(text: str, carried: str) -> bool:
    """Whether a text is the source's still, wherever its links to headings lead."""
    return SECTION.sub("", text) == SECTION.sub("", carried)


def _damaged(
    text: str, page: Page, entries: list[Entry], messages: dict[str, Message], file: Path, carry: Carry
) -> Iterator[Problem]:
    """A problem for each text that is another one when the file is read again: it held more than words."""
    try:
        after = {one.context: one for one in entries_of(replace(page, result=replace(page.result, text=text)), carry)}
    except (ValueError, KeyError, MaroviError):
        after = {}
    for entry in entries:
        message = messages.get(entry.context)
        new = str(message.string).strip() if message is not None and message.string else entry.text
        if message is None or entry.place is None or not new:
            continue
        if entry.context not in after or after[entry.context].text not in (new, ""):
            remedy = "write it so that no line starts like a heading, a list or a table"
            where = Where(str(file), message.lineno or 1)
            yield Problem(where, f"{entry.context}: it would be read as something else", remedy, "parity")


def _read(file: Path) -> dict[str, Message]:
    try:
        with file.open("rb") as stream:
            catalog = read_po(stream, abort_invalid=True, ignore_obsolete=True)
    except PoFileError as error:
        raise MaroviError(f"{file}:{error.lineno}: {error}", "mend the file, for example with `msgfmt -c`") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise MaroviError(f"{file} is no PO file: {error}", "export one with `marovi translate … --export`") from error
    found: dict[str, Message] = {}
    for message in catalog:
        if message.id:
            found[message.context or ""] = message
    return found


def _carry(config: Config, language: str) -> Carry:
    sources, _ = read_all(config)
    ours: Known = known(sources, config.source_language)
    return Carry(sources, language, ours, known(sources, language))


def _page(page: Page) -> str:
    return "summary" if page.article.parent else ""


def _note(comments: tuple[str, ...]) -> str:
    return " ".join(line.lstrip("%# |") for line in comments if line.lstrip("%# ").startswith("|"))
