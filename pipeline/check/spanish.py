"""Spanish forms that dictionaries leave out: verbs with the pronouns behind them (obsérvese, multiplicándolos)."""

from __future__ import annotations

import re
from collections.abc import Iterator

PRONOUNS = re.compile(r"(me|te|se|nos)?(l[aeo]s?)?")
PLAIN = str.maketrans("áéíóú", "aeiou")
VOWELS = re.compile(r"(?:(?<=[gq])u(?=[eiéí])|[iu](?=[aeoáéó]))?[aeiouáéíóúü][iu]?")


def without_pronouns(word: str) -> Iterator[str]:
    """What a verb with pronouns may be without them, where its accent stands as it has to.

    An infinitive takes one pronoun without an accent (multiplicarlo) and two with one (dárselo); all else keeps the
    stress where it was, and needs an accent there (multiplíquelo, multiplicándolo).
    """
    for length in range(2, min(7, len(word) - 1)):
        verb = word[:-length]
        pronouns = PRONOUNS.fullmatch(word[-length:])
        if not pronouns:
            continue
        plain = verb.translate(PLAIN)
        infinitive = plain.endswith(("ar", "er", "ir"))
        if verb == plain:
            if infinitive and not (pronouns[1] and pronouns[2]):
                yield verb
        elif infinitive == bool(pronouns[1] and pronouns[2]) and _stressed(verb):
            yield plain


def _stressed(verb: str) -> bool:
    """Whether the accent stands where the verb is stressed without any: last syllable but one, or the last."""
    syllables = VOWELS.findall(verb)
    expected = -2 if verb[-1] in "aeiouns" and len(syllables) > 1 else -1
    return bool(re.search("[áéíóú]", syllables[expected]))
