"""What a change of a source means for one translation: its paragraphs that no longer say what the source says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.translate.align import said, with_later, with_translation
from pipeline.translate.carry import has_words, values_carried
from pipeline.translate.head import texts_of
from pipeline.translate.history import State
from pipeline.translate.marks import word_diff
from pipeline.translate.text import take_apart


@dataclass(frozen=True, slots=True)
class Consequence:
    """One text of a source that changed, and the translation's text that was made from it."""

    section: str  # id of the source's section, "" is the lead and the head
    change: str  # "changed" | "new" | "gone"
    difference: str  # `[-words that went-]` and `{+words that came+}`; of a new one all its words
    translation: str  # what stands there now, "" for nothing
    line: int  # of it in the translation's file, 0 for nothing


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
                found.append(Consequence(name, "new", said(block), "", 0))
                continue
            twin = mine[to_mine[was]] if was in to_mine else None
            if said(before[was]) == said(block):
                continue
            if twin and values_carried(before[was], block, twin.text) is not None:
                continue  # `marovi translate` takes over values by itself
            difference = word_diff(said(before[was]), said(block))
            found.append(_beside(name, "changed", difference, twin.text if twin else "", twin.line if twin else 0))
        for number, block in enumerate(before):
            if number not in to_after and has_words(block):
                twin = mine[to_mine[number]] if number in to_mine else None
                found.append(_beside(name, "gone", said(block), twin.text if twin else "", twin.line if twin else 0))
    return tuple(found)


def _beside(section: str, change: str, difference: str, text: str, line: int) -> Consequence:
    return Consequence(section, change, difference, " ".join(text.split()), line)


def _of_head(old: State, new: State, head: str) -> Iterator[Consequence]:
    before, after, mine = (texts_of(one) for one in (old.file.head, new.file.head, head))
    for place in dict.fromkeys((*after, *before)):
        if place[0] == "labels" or (place in before and place in after and before[place].text == after[place].text):
            continue
        was, now, twin = before.get(place), after.get(place), mine.get(place)
        change = "new" if was is None else "gone" if now is None else "changed"
        difference = word_diff(was.text, now.text) if was and now else (now or was).text  # type: ignore[union-attr]
        shown = twin.text if twin and was else ""
        yield Consequence("", change, difference, shown, twin.line + 2 if twin and was else 0)
