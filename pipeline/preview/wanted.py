"""What somebody looks for: words, and phrases in quotation marks of any language, as they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pipeline.folded import HAN, folded

MOST_TERMS = 16
SHORT = 3  # signs; a word of fewer is found as a whole word only, and not in all the words that hold it
_OPEN, _CLOSE = '"“„«「『', '"”“»」』'
_TERM = re.compile(rf"[{_OPEN}]([^{_CLOSE}]*)(?:[{_CLOSE}]|$)|([^\s{_OPEN}]+)")
_IS_HAN = re.compile(rf"[{HAN}]")
_IN_WORD = rf"[^\W_{HAN}]"  # Chinese has no space between words, so there every place is a start and an end


@dataclass(frozen=True)
class Term:
    """A word or a phrase, folded."""

    text: str

    def is_in(self, text: str) -> bool:
        """Whether it stands in a folded text."""
        return self.text in text and (not self._is_short or self._whole.search(text) is not None)

    def count(self, text: str) -> int:
        return len(self._whole.findall(text)) if self._is_short else text.count(self.text)

    def places(self, text: str) -> Iterator[int]:
        """Where it begins in a folded text."""
        if self._is_short:
            yield from (match.start() for match in self._whole.finditer(text))
            return
        place = text.find(self.text)
        while place >= 0:
            yield place
            place = text.find(self.text, place + len(self.text))

    def fit(self, text: str) -> int:
        """How well it stands in a folded text: 3 as whole words, 2 at the start of one, 1 inside one, 0 not."""
        if self.text not in text:
            return 0
        if self._whole.search(text):
            return 3
        return 0 if self._is_short else 2 if self._start.search(text) else 1

    @cached_property
    def _is_short(self) -> bool:
        return len(self.text) < SHORT and self.text.isalnum() and not _IS_HAN.search(self.text)

    @cached_property
    def _start(self) -> re.Pattern[str]:
        # the word itself first: that is what the search for a match can leap to
        word = re.escape(self.text)
        return re.compile(rf"{word}(?<!{_IN_WORD}{word})" if re.match(_IN_WORD, self.text) else word)

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        end = rf"(?!{_IN_WORD})" if re.match(_IN_WORD, self.text[-1]) else ""
        return re.compile(self._start.pattern + end)


def terms_in(words: str) -> tuple[Term, ...]:
    """The words and phrases, each once: `"tasa de Aprendizaje" SGD` gives `tasa de aprendizaje` and `sgd`."""
    found = (folded(phrase or word).strip() for phrase, word in _TERM.findall(words))
    return tuple(map(Term, islice(dict.fromkeys(term for term in found if term), MOST_TERMS)))
