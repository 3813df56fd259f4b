"""Bring a translation up to its source: what did not change stays, the rest is marked with what changed beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.errors import MaroviError
from pipeline.read.blocks import parse
from pipeline.read.context import Reading
from pipeline.read.document import Heading
from pipeline.translate.align import Pairs, likeness, said, with_later, with_translation
from pipeline.translate.carry import SECTION, Carry, has_words, prints_unknown, values_carried
from pipeline.translate.history import State
from pipeline.translate.marks import kinds, mark, without, word_diff
from pipeline.translate.refresh_head import fresh_head, labelled, refreshed_head
from pipeline.translate.stamping import NONE, Stamp, stamps_of, with_stamps
from pipeline.translate.text import Block, File, Section, put_together, take_apart


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A translation's text as it should stand now, and how many marks of each kind were set."""

    text: str
    marked: Mapping[str, int]
    untraced: tuple[str, ...] = ()  # ids of the source's sections of which no earlier text was found


@dataclass(slots=True)
class _Merge:
    """What one pass over the sections has done so far."""

    carry: Carry
    source: str  # all of the source's file
    ids: frozenset[str]  # of its sections
    marked: Counter[str] = field(default_factory=Counter)

    def renamed(self, old: Block, new: Block) -> bool:
        """Whether two texts differ only in the ids of headings that have another one now."""
        ids = [SECTION.findall(block.text) for block in (old, new)]
        return SECTION.sub("", old.text) == SECTION.sub("", new.text) and all(
            was == becomes or was[2] not in self.ids for was, becomes in zip(*ids, strict=True)
        )

    def marks(self, kind: str, shown: str = "") -> tuple[str, ...]:
        self.marked[kind] += 1
        return mark(kind, shown)


def begun(source: State, source_text: str, carry: Carry, labels: Sequence[str], summary: bool) -> Refreshed:
    """A new translation: the source's text, each piece of it marked as not translated yet."""
    merge = _Merge(carry, source_text, frozenset(source.hashes))
    sections = tuple(Section(tuple(_inserted(block, merge) for block in one.blocks)) for one in source.file.sections)
    head, count = fresh_head(source.file.head, carry, labels, summary)
    merge.marked["untranslated"] += count
    text = put_together(File(head, "\n", sections))
    stamps = {name: Stamp(NONE, digest) for name, digest in source.hashes.items()}
    return Refreshed(with_stamps(text, stamps), +merge.marked)


def refreshed(
    source: State,
    source_text: str,
    translation: str,
    traces: Mapping[str, State],
    carry: Carry,
    labels: Callable[[], Sequence[str] | None],
    summary: bool,
) -> Refreshed:
    """The translation with all marks that it needs; byte for byte as it was where the source said nothing new.

    `traces` has, for each section of the stamps, the state of the source that the section takes account of.
    """
    file = take_apart(translation)
    stamps = stamps_of(file.head)
    names = _names(file, stamps, source)
    twins = _twins(source, names, traces)
    ids = _heading_ids(translation, carry)
    renamed = dict(zip(names, ("", *ids), strict=False)) if len(ids) + 1 == len(names) else {}
    carry = replace(carry, headings={name: renamed[twin] for name, twin in twins.items() if twin in renamed})
    merge = _Merge(carry, source_text, frozenset(source.hashes))
    sections, untraced, new_stamps = [], [], {}
    for name, digest in source.hashes.items():
        new = source.section(name)
        twin = twins.get(name)
        if twin is None:
            sections.append(Section(tuple(_inserted(block, merge) for block in new.blocks)))
            new_stamps[name] = Stamp(NONE, digest)
            continue
        old_stamp = stamps.get(twin)
        ours = file.sections[names.index(twin)]
        if old_stamp and old_stamp.known == digest:
            sections.append(ours)
            new_stamps[name] = old_stamp
            continue
        trace = traces.get(twin)
        if trace is None:
            untraced.append(name)
            sections.append(_untraced(new, ours, merge))
        else:
            sections.append(_merged(trace.section(twin), new, ours, merge))
        back = old_stamp is not None and old_stamp.digest == digest
        new_stamps[name] = Stamp(old_stamp.digest if old_stamp else NONE, "" if back else digest)
    order = list(source.hashes)
    for number, name in enumerate(names):
        if name not in twins.values():  # what a person wrote stays, behind the section it stood behind
            kept = [left for block in file.sections[number].blocks if (left := _gone(block, merge))]
            before = [order.index(one) for one, twin in twins.items() if names.index(twin) < number]
            sections[max(before)] = Section((*sections[max(before)].blocks, *kept))
    head = file.head
    if not summary and ("" in untraced or stamps.get("", Stamp("")).known != source.hashes[""]):
        old = traces[""].file.head if "" in traces else None
        head, counted = refreshed_head(source.file.head, old, head, carry)
        merge.marked += counted
    drawn = labels() if not summary and _code(source.file.sections) != _code_then(source, twins, traces) else None
    if drawn is not None:
        head, added = labelled(head, drawn)
        merge.marked["untranslated"] += added
    text = put_together(replace(file, head=head, sections=tuple(sections)))
    if new_stamps != stamps:
        text = with_stamps(text, new_stamps)
    return Refreshed(text, +merge.marked, tuple(untraced))


def _code(sections: Iterable[Section]) -> set[str]:
    return {block.text for section in sections for block in section.blocks if block.kind == "code-cell"}


def _code_then(source: State, twins: Mapping[str, str], traces: Mapping[str, State]) -> set[str]:
    """The cells of the sections as the translation knows them; those of an untraced one as they are."""
    return _code(traces[twin].section(twin) if twin in traces else source.section(name) for name, twin in twins.items())


def _names(file: File, stamps: Mapping[str, Stamp], source: State) -> list[str]:
    """The id of the source's section that each section of the translation was made from."""
    count = len(file.sections)
    if count == len(stamps):
        return list(stamps)
    if count == len(source.hashes):
        return list(source.hashes)
    raise MaroviError(
        f"the translation has {count - 1} headings where its source has {len(source.hashes) - 1} "
        f"and had {max(len(stamps) - 1, 0)} when it was translated",
        "give it the source's headings in their order, then run this again",
    )


def _twins(source: State, names: Sequence[str], traces: Mapping[str, State]) -> dict[str, str]:
    """Section of the source -> the section, by its id at the time, that the translation has for it."""
    twins = {name: name for name in source.hashes if name in names}
    for name in source.hashes:
        if name in twins:
            continue
        text = _said(source.section(name))
        free = [one for one in names if one not in twins.values() and one in traces]
        alike = {one: likeness(_said(traces[one].section(one)), text) for one in free}
        best = max(alike, key=lambda one: alike[one], default=None)
        if best is not None and alike[best] >= 0.5:
            twins[name] = best
    return twins


def _said(section: Section) -> str:
    return " ".join(said(block) for block in section.blocks)


def _merged(old: Section, new: Section, ours: Section, merge: _Merge) -> Section:
    """A section of the translation, given what its source said then and says now."""
    to_ours = with_translation(old.blocks, ours.blocks)
    to_new = with_later(old.blocks, new.blocks)
    from_new = {after: before for before, after in to_new.items()}
    blocks: dict[int, list[Block]] = {}  # number in the new section -> what stands there
    for number, block in enumerate(new.blocks):
        before = from_new.get(number)
        mine = to_ours.get(before) if before is not None else None
        if before is None:
            blocks[number] = [_inserted(block, merge)]
        elif mine is None:  # the translator joined it to another paragraph
            changed = said(old.blocks[before]) != said(block) and has_words(block)
            blocks[number] = [_note(old.blocks[before], block, merge)] if changed else []
        else:
            blocks[number] = [_updated(old.blocks[before], block, ours.blocks[mine], merge)]
    place = {to_ours[before]: after for before, after in to_new.items() if before in to_ours}
    removed = {to_ours[before] for before in range(len(old.blocks)) if before not in to_new and before in to_ours}
    return _assembled(blocks, ours, place, removed, merge)


def _untraced(new: Section, ours: Section, merge: _Merge) -> Section:
    """A section of which nobody knows what it was made from: all of it stays, what it lacks is added."""
    pairs = with_translation(new.blocks, ours.blocks)
    blocks = {
        number: [ours.blocks[pairs[number]] if number in pairs else _inserted(block, merge)]
        for number, block in enumerate(new.blocks)
    }
    removed = {number for number, block in enumerate(ours.blocks) if number not in pairs.values() and block.label}
    found = _assembled(blocks, ours, {there: here for here, there in pairs.items()}, removed, merge).blocks
    if not found or "untraced" in kinds(found[0].comments):
        return Section(found)
    return Section((replace(found[0], comments=(*merge.marks("untraced"), *found[0].comments)), *found[1:]))


def _assembled(
    blocks: Mapping[int, list[Block]], ours: Section, place: Pairs, removed: set[int], merge: _Merge
) -> Section:
    """The blocks in the source's order; those that only the translation has stay behind the one they stood behind."""
    found = {number: list(one) for number, one in blocks.items()}
    first: list[Block] = []
    last: int | None = None
    for number, block in enumerate(ours.blocks):
        if number in place:
            last = place[number]
            continue
        kept = _gone(block, merge) if number in removed else block
        if kept is not None:
            (first if last is None else found[last]).append(kept)
    ordered = [block for number in sorted(found) for block in found[number]]
    if ordered and ordered[0].kind == "heading":
        return Section((ordered[0], *first, *ordered[1:]))
    return Section((*first, *ordered))


def _inserted(block: Block, merge: _Merge) -> Block:
    """A block of the source, as the translation has it until somebody translates it."""
    comments = merge.marks("untranslated") if has_words(block) else ()
    return Block(block.kind, merge.carry.block(block), 0, comments)


def _updated(old: Block, new: Block, ours: Block, merge: _Merge) -> Block:
    """A block of the translation whose source may have changed."""
    if said(old) == said(new) or new.kind == "code-cell" or merge.renamed(old, new):
        return ours
    if said(ours) == said(old) or said(ours) == " ".join(merge.carry.block(old).split()):
        return replace(ours, text=merge.carry.block(new))  # nobody has changed a word of it
    carried = values_carried(old, new, ours.text)
    if carried is not None:
        return replace(ours, text=carried)
    text = ours.text
    if new.kind == "table":
        text = _columns(new, text)
        if text and said(new) == " ".join(_columns(new, old.text).split()):
            return replace(ours, text=text)  # other columns, the same words
    if new.kind == "heading":
        text = new.text[: len(new.text) - len(new.text.lstrip("#"))] + text.lstrip("#")
    if prints_unknown(text, merge.source) or (new.kind == "table" and not text):
        comments = (*ours.comments, *merge.marks("removed", ours.text), *merge.marks("untranslated"))
        return replace(ours, text=merge.carry.block(new), comments=comments)
    return replace(ours, text=text, comments=(*ours.comments, *merge.marks("outdated", _diff(old, new))))


def _diff(old: Block, new: Block) -> str:
    """What changed, on the lines of the new text where they mean something."""
    if new.kind in ("paragraph", "heading", "footnote"):
        return word_diff(said(old), said(new))
    return word_diff(old.text, new.text)


def _columns(new: Block, text: str) -> str:
    """A table of the translation with the source's columns; "" where it has another number of them."""
    ours, theirs = ([line for line in one.split("\n") if line.startswith(":columns:")] for one in (text, new.text))
    if len(ours) != 1 or len(theirs) != 1 or ours[0].count(":") < 2 or ours[0].count(",") != theirs[0].count(","):
        return ""
    return text.replace(ours[0], theirs[0])


def _note(old: Block, new: Block, merge: _Merge) -> Block:
    """A mark of its own, for a change in what has no paragraph of its own in the translation."""
    return Block("comments", "\n".join(merge.marks("outdated", _diff(old, new))), 0)


def _gone(block: Block, merge: _Merge) -> Block | None:
    """What is left of a block whose source is gone: nothing of what was carried over, and a person's words."""
    if not has_words(block) or "untranslated" in kinds(block.comments):
        return None
    return Block("comments", "\n".join((*without(block.comments), *merge.marks("removed", block.text))), 0)


def _heading_ids(text: str, carry: Carry) -> list[str]:
    body = text.split("\n---", 1)[1].split("\n", 1)[1] if "\n---" in text else ""
    document = parse(body, Reading("", carry.language, carry.theirs))
    return [block.id for block in document.blocks if isinstance(block, Heading)]


def renumbered(before: str, after: str, carry: Carry) -> str:
    """A translation's text with the links to its headings following headings that were given other words."""
    ids = dict(zip(_heading_ids(before, carry), _heading_ids(after, carry), strict=False))
    return SECTION.sub(lambda match: match[0] if match[2] or match[3] not in ids else f"](#{ids[match[3]]})", after)
