"""Which block of one text belongs to which of another: by kind, by what a translation keeps, by order and by length."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence

from pipeline.translate.text import Block

Pairs = dict[int, int]
KEPT = re.compile(r"\{(?:glue|lit|cite)\}`[^`]*`|\]\([^)#\s]*|\\glue\{[^}]*\}|\$[^$]+\$|`[^`{}]+`")


def with_translation(source: Sequence[Block], translation: Sequence[Block]) -> Pairs:
    """Pair blocks of a source's section with those of its translation: number there -> number here, in order."""
    return _best(source, translation, _kinship)


def with_later(old: Sequence[Block], new: Sequence[Block]) -> Pairs:
    """Pair the blocks of a section with those of a later state of it; equal ones first, then those that resemble."""
    before, after = [said(block) for block in old], [said(block) for block in new]
    pairs: Pairs = {}
    for kind, low, high, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs.update(zip(range(low, high), range(start, end), strict=True))
        elif kind == "replace":
            inner = _best(old[low:high], new[start:end], _resemblance)
            pairs.update({low + one: start + other for one, other in inner.items()})
    # a block that moved is still the same one
    free = {text: number for number, text in enumerate(after) if number not in pairs.values()}
    for number, text in enumerate(before):
        if number not in pairs and text in free:
            pairs[number] = free.pop(text)
    return pairs


def said(block: Block) -> str:
    """What a block says: its words, however its lines are wrapped."""
    return block.text if block.kind in ("code-cell", "code") else " ".join(block.text.split())


def likeness(old: str, new: str) -> float:
    """How alike two texts are, word by word: from 0 to 1."""
    return difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _best(ours: Sequence[Block], theirs: Sequence[Block], score: Callable[[Block, Block], float]) -> Pairs:
    """The pairing in order with the highest sum of scores; a pair with a score of 0 is none (Needleman and Wunsch)."""
    scores = [[score(one, other) for other in theirs] for one in ours]
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            paired = best[i + 1][j + 1] + scores[i][j] if scores[i][j] > 0 else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: Pairs = {}
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if scores[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _resemblance(old: Block, new: Block) -> float:
    if old.kind != new.kind:
        return 0.0
    if old.label or new.label:
        return 2.0 if old.label == new.label else 0.0
    if old.kind == "heading":
        return 1.0
    alike = likeness(old.text, new.text)
    return alike if alike >= 0.3 or old.kind == "formula" else 0.0


def _kinship(source: Block, translation: Block) -> float:
    kind = "embed" if source.kind == "code-cell" else source.kind
    if kind != translation.kind or source.label != translation.label:
        return 0.0
    ours, theirs = Counter(KEPT.findall(source.text)), Counter(KEPT.findall(translation.text))
    shared, all_of_them = (ours & theirs).total(), (ours | theirs).total()
    lengths = sorted((len(source.text), len(translation.text)))
    # A long paragraph is rarely a short one in another language, and what it cites it cites there too.
    return 1.0 + (4.0 * shared / all_of_them if all_of_them else 0.5) + 0.5 * lengths[0] / max(lengths[1], 1)
