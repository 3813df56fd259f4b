"""What a change of a source means for one translation: its paragraphs that no longer say what the source says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.translate.align import said, with_later, with_translation
from pipeline.translate.carry import has_words, values_carried
from pipeline.translate.head import texts_of
from pipeline.translate.history import State
from pipeline.translate.marks import word_diff
from pipeline.translate.text import Block, take_apart


@dataclass(frozen=True, slots=True)
class Consequence:
    """One text of a source that changed, and the translation's text that was made from it."""

    section: str  # id of the source's section, "" is the lead and the head
    was: str  # what the source said, "" for nothing
    now: str  # what it says, "" for nothing
    translation: str  # what stands there now, "" for nothing
    line: int  # of it in the translation's file, 0 for nothing

    @property
    def change(self) -> str:
        """`changed`, `new` or `gone`."""
        return "new" if not self.was else "gone" if not self.now else "changed"

    @property
    def difference(self) -> str:
        """`[-words that went-]` and `{+words that came+}`; of a new or lost text all its words."""
        return word_diff(self.was, self.now) if self.was and self.now else self.was or self.now


def consequences(old: State, new: State, translation: str) -> tuple[Consequence, ...]:
    """Return what changed between two states of a source beside what a translation of it says.

    The translation's sections are the old source's, in its order; where their number differs only the source is told.
    """
    file = take_apart(translation)
    names = list(old.hashes)
    ours = dict(zip(names, file.sections, strict=True)) if len(names) == len(file.sections) else {}
    found = list(_of_head(old, new, file.head))
    for name, digest in new.hashes.items():
        if old.hashes.get(name) == digest:
            continue
        before = old.section(name).blocks if name in old.hashes else ()
        after, mine = new.section(name).blocks, ours[name].blocks if name in ours else ()
        to_after, to_mine = with_later(before, after), with_translation(before, mine)
        from_after = {there: here for here, there in to_after.items()}
        for number, block in enumerate(after):
            if not has_words(block):
                continue
            was = from_after.get(number)
            if was is None:
                found.append(Consequence(name, "", said(block), "", 0))
                continue
            twin = mine[to_mine[was]] if was in to_mine else None
            if said(before[was]) == said(block):
                continue
            if twin and values_carried(before[was], block, twin.text) is not None:
                continue  # `marovi translate` takes over values by itself
            found.append(_beside(name, said(before[was]), said(block), twin))
        for number, block in enumerate(before):
            if number not in to_after and has_words(block):
                twin = mine[to_mine[number]] if number in to_mine else None
                found.append(_beside(name, said(block), "", twin))
    return tuple(found)


def _beside(section: str, was: str, now: str, twin: Block | None) -> Consequence:
    return Consequence(section, was, now, " ".join(twin.text.split()) if twin else "", twin.line if twin else 0)


def _of_head(old: State, new: State, head: str) -> Iterator[Consequence]:
    before, after, mine = (texts_of(one) for one in (old.file.head, new.file.head, head))
    for place in dict.fromkeys((*after, *before)):
        if place[0] == "labels" or (place in before and place in after and before[place].text == after[place].text):
            continue
        was, now, twin = before.get(place), after.get(place), mine.get(place)
        known = twin if was else None
        yield Consequence(
            "",
            was.text if was else "",
            now.text if now else "",
            known.text if known else "",
            known.line + 2 if known else 0,
        )
