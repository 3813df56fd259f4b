"""Ways in which people break sources, applied to real articles: each with its own seed, the same on each run."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Change = Callable[[random.Random, str], str | bytes | None]  # None: there is nothing here to break so


@dataclass(frozen=True, slots=True)
class Broken:
    """A source in which one thing was broken, and the lines around which a reader may look for it."""

    kind: str
    file: str
    content: bytes
    first: int  # the first line that differs from the source
    last: int


def broken(sources: Mapping[str, str], seed: int) -> Iterator[Broken]:
    """One case for each kind of mistake, each in a file chosen at random."""
    dice = random.Random(seed)
    for kind, change in sorted(KINDS.items()):
        for _ in range(20):
            file = dice.choice([name for name in sorted(sources) if name.endswith(ENDS.get(kind, ".md"))])
            new = change(dice, sources[file])
            if new is not None and new != sources[file]:
                content = new if isinstance(new, bytes) else new.encode()
                first, last = _lines(sources[file].encode(), content)
                yield Broken(kind, file, content, first, last)
                break


def _lines(old: bytes, new: bytes) -> tuple[int, int]:
    ours, theirs = old.split(b"\n"), new.split(b"\n")
    first = next((at for at, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), len(theirs) - 1)
    same = next(
        (at for at, pair in enumerate(zip(reversed(ours), reversed(theirs), strict=False)) if pair[0] != pair[1]), 0
    )
    return first + 1, max(first + 1, len(theirs) - same)


def _one(pattern: str, new: str, part: str = "") -> Change:
    """Replace one place that matches, of those in the head, the text, or both."""

    def change(dice: random.Random, text: str) -> str | None:
        end = text.find("\n---\n", 4) if text.startswith("---\n") else -1
        start, stop = {"head": (4, end), "body": (end + 5, len(text))}.get(part, (0, len(text)))
        found = list(re.compile(pattern, re.MULTILINE).finditer(text, start, stop))
        if not found:
            return None
        one = dice.choice(found)
        return text[: one.start()] + one.expand(new) + text[one.end() :]

    return change


def _bytes(raw: bytes) -> Change:
    def change(dice: random.Random, text: str) -> bytes:
        data = text.encode()
        at = dice.choice([place for place, byte in enumerate(data) if byte == 0x20])
        return data[:at] + raw + data[at:]

    return change


def _cut(dice: random.Random, text: str) -> str:
    """The head is cut off in the middle."""
    return text[: dice.randrange(8, text.index("\n---\n", 4))].rstrip("-\n") + "\n"


ENDS = {"a bib without a brace": ".bib", "a bib without a comma": ".bib", "a bib with a kind unknown": ".bib",
        "a bib without a field": ".bib", "a concept without a word": ".yaml", "a concept with a tab": ".yaml",
        }  # fmt: skip
KINDS: dict[str, Change] = {
    "a head cut off": _cut,
    "a head that never ends": lambda dice, text: text.replace("\n---\n", "\n", 1),
    "a head without its first line": lambda dice, text: text.removeprefix("---\n"),
    "a brace of a formula deleted": _one(r"(\$[^$\n]*\\[a-z]+\{[^$\n{}]*)\}", r"\1", "body"),
    "a fence cut": _one(r"^```$", "", "body"),
    "a fence cut at the beginning": _one(r"^```(?=\{code-cell)", "", "body"),
    "a tab in the head": _one(r"^  (?=\S)", "\t", "head"),
    "an indentation too deep": _one(r"(?<!\A---\n)^(?=[a-z_]+: )", "   ", "head"),
    "a colon in a value": _one(r"^(title: .*)", r"\1: more", "head"),
    "a quote that never ends": _one(r"^(title: )", r'\1"', "head"),
    "a bracket that never ends": _one(r"^(\w+: \[[^\]\n]*)\]", r"\1", "head"),
    "a key twice": _one(r"^(title: .*)", r"\1\n\1", "head"),
    "a key misspelled": _one(r"^(summary)(?=:)", "sumary", "head"),
    "a value of another kind": _one(r"^title: .*", "title: [a, b]", "head"),
    "a null": _one(r"^title: .*", "title:", "head"),
    "an anchor that is none": _one(r"^title: .*", "title: *nobody", "head"),
    "a tag that runs code": _one(r"^title: .*", "title: !!python/object/apply:os.system [ls]", "head"),
    "a role misspelled": _one(r"\{glue\}`", "{gleu}`", "body"),
    "a glue of nothing": _one(r"\{glue\}`[^`]*`", "{glue}`0x`", "body"),
    "a term of nobody": _one(r"\{term\}`[^`<]*`", "{term}`quux frobnication`", "body"),
    "a citation of nobody": _one(r"\{cite\}`[^`]*`", "{cite}`nobody1900`", "body"),
    "a link to nowhere": _one(r"\]\(\.\./[a-z-]+/", "](../no-such-topic-at-all/", "body"),
    "a directive misspelled": _one(r"^```\{(?:embed|code-cell)\}", "```{embbed}", "body"),
    "an option misspelled": _one(r"^:label: ", ":lable: ", "body"),
    "an embed of nothing": _one(r"^(```\{embed\} #)\S+", r"\1no-such-cell", "body"),
    "a heading too high": _one(r"^## ", "# ", "body"),
    "a heading without words": _one(r"^## .*", "##", "body"),
    "an emphasis that never ends": _one(r"\*\*(?=[^*\n]+\n)", "", "body"),
    "a latin-1 byte": _bytes(b"\xe9"),
    "a lone continuation byte": _bytes(b"\x80"),
    "a surrogate": _bytes(b"\xed\xa0\x80"),
    "a null byte": _bytes(b"\x00"),
    "a bell": _bytes(b"\x07"),
    "a carriage return": _bytes(b"\r"),
    "a byte order mark": lambda dice, text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda dice, text: text.encode("utf-16"),
    "nothing": lambda dice, text: b"",
    "only spaces": lambda dice, text: b" \n\n",
    "a bib without a brace": _one(r"\},?$", ",", ""),
    "a bib without a comma": _one(r"\},$(?=\n\s+\w+ =)", "}", ""),
    "a bib with a kind unknown": _one(r"^@\w+", "@artikel", ""),
    "a bib without a field": _one(r"^\s*year = .*\n", "", ""),
    "a concept without a word": _one(r"term: [^,}\n]+,?", "", ""),
    "a concept with a tab": _one(r"^(?=en:)", "\t", ""),
}
