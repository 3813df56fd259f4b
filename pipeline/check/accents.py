"""Spanish words that are right without their accent or tilde, and yet not the word that was meant: `numero`, `Ano`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.check.lexicon import Lexicon
from pipeline.check.prose import Places, Run, runs
from pipeline.check.spelling import is_listed, lexicons, word_list, words
from pipeline.errors import Problem
from pipeline.read.article import Sources

INFINITIVE = ("ar", "er", "ir", "ír")
BEFORE = re.compile(r"([^\W\d_]+)[\s«“(]*$")  # the word before a place
ACCENT = re.compile("[áéíóúñü]")
LAST_VOWEL = re.compile("[áéíóú][ns]?$")
# Words of their own that an encyclopedia of learning machines has no use for, with what was meant.
MEANT = dict(
    re.findall(
        r"(\w+)\s+(\w+)",
        """
        ademas además, angulo ángulo, ano año, anos años, arboles árboles, asi así, cana caña, capsula
        cápsula, clausula cláusula, copula cópula, danes danés, ejercito ejército, ensena enseña, ensenada
        enseñada, ensenado enseñado, ensenan enseñan, ensenando enseñando, ensenar enseñar, frio frío,
        ingles inglés, interpretes intérpretes, jamas jamás, japones japonés, lamina lámina, laminas
        láminas, lampara lámpara, limites límites, linea línea, lineas líneas, maquina máquina, maquinas
        máquinas, margenes márgenes, mas más, mascara máscara, mascaras máscaras, medica médica, medicas
        médicas, montana montaña, montanas montañas, nucleo núcleo, optima óptima, optimas óptimas, optimo
        óptimo, ordenes órdenes, pagina página, paginas páginas, perdida pérdida, perdidas pérdidas, rio
        río, sera será, servia servía, tenia tenía, tenias tenías, ultima última, ultimas últimas,
        unicamente únicamente, valido válido, varia varía, venia venía, vera verá
        """,
    )
)
# A verb cannot follow these, so that after them a form without its accent is a noun or an adjective that lost it.
BEFORE_NOUNS = frozenset(
    re.findall(
        r"\w+",
        """
        a al alguna cada con cualquier cuatro de del dos el en entre esa ese esta estas este estos mayor mejor menor
        misma mismo muchas ninguna nueva nuevo otra otras otro otros pocas por primer primera según segunda sin sobre
        su sus tal tercera toda tres un una unas unos varias
        """,
    )
)
MAYBE_BEFORE_NOUNS = frozenset(("la", "las", "los"))
BEFORE_VERBS = frozenset(("le", "les", "lo", "no", "que", "quien", "se", "ya"))
ONLY_BEFORE_VERBS = frozenset(("le", "les", "se"))
DOUBTFUL = {"sabia": "sabía", "seria": "sería"}  # as rare as they are, these are adjectives too
QUESTION = re.compile(
    r"[¿¡]\s*(?:(?:por|de|en|a|con|para|desde|hasta)\s+)?"
    r"(que|como|cual|cuales|cuando|cuanto|cuanta|cuantos|cuantas|donde|quien|quienes)\b",
    re.IGNORECASE,
)
ASKED = {"que": "qué", "como": "cómo", "donde": "dónde", "quien": "quién", "quienes": "quiénes"}
# What stands around small words that lost their accent (the group), what was meant, and whether that is sure.
AROUND: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (
        re.compile(r"\b(esta) (?:\w+(?:[aeiou]do|ando|iendo)|hech[oa]|dada|cerca|lejos|muy|bien|mal|lista?)\b", re.I),
        "está",
        True,
    ),
    (re.compile(r"\b(esta) (?:en|por|entre|casi|siempre|justo|claro|tan|más|menos)\b", re.I), "está", False),
    (re.compile(r"\b(?:no|ya|también|todavía|siempre|se|donde) (esta)\b", re.I), "está", False),
    (re.compile(r"(?<!\bes )\b(esta)(?=[.;?!)])", re.I), "está", False),
    (re.compile(r"\b(el)(?=[.,:;?!)])", re.I), "él", True),
    (
        re.compile(r"\b(?:en|entre|a|de|por|para) (si) mism[oa]s?\b|\bentre (si)\b|\ben (si)(?=[.,:;?!)])", re.I),
        "sí",
        True,
    ),
)


def accents(sources: Sources) -> Iterator[Problem]:
    if "es" not in sources.languages:
        return
    places = Places(sources.root)
    with lexicons(sources, ("es",)) as found:
        if "es" in found:
            listed = word_list(sources.root, "es")
            for run in runs(sources, ("es",)):
                yield from _words(run, found["es"], listed, places)
                yield from _around(run, places)


def _words(run: Run, lexicon: Lexicon, listed: frozenset[str], places: Places) -> Iterator[Problem]:
    for offset, word in words(run):
        plain = word.lower()
        if ACCENT.search(plain) or is_listed(word, listed):
            continue
        before = BEFORE.search(run.text, max(0, offset - 30), offset)
        meant, sure = _meant(plain, before[1].lower() if before else "", lexicon)
        if not meant and before and plain.endswith("o") and _is_name(run.text, before) and plain[:-1] + "ó" in lexicon:
            meant, sure = plain[:-1] + "ó", False  # somebody who did it: Curry estudio
        if meant:
            yield _lacks(run, offset, word, meant, sure, places)


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word has a capital without standing at the start of a sentence."""
    earlier = text[: found.start()].rstrip(" «“(*")
    return found[1][0].isupper() and earlier[-1:] not in ("", ".", ":", "?", "!")


def _meant(word: str, before: str, lexicon: Lexicon) -> tuple[str, bool]:
    """What was meant by a word without accents, or nothing; and whether that is sure."""
    if word in MEANT or word in DOUBTFUL:
        return MEANT.get(word) or DOUBTFUL[word], word in MEANT
    stems = lexicon.stems(word)
    if before in ONLY_BEFORE_VERBS and word.endswith("o") and word[:-1] + "ó" in lexicon:
        return word[:-1] + "ó", True
    if not stems or word in stems or not all(stem.endswith(INFINITIVE) for stem in stems):
        return "", True  # a noun or an adjective that has no accent
    others = [] if word.endswith(("ado", "ido")) else lexicon.accented(word)
    if word.endswith("o"):  # the first person singular, in which nobody writes here
        nouns = [other for other in others if not other.endswith("ó")]
        if nouns or not others or before in BEFORE_NOUNS:  # after these, `un repaso` is a noun without an accent
            return (nouns[0] if nouns else ""), True
        return others[0], before in BEFORE_VERBS
    others = [
        other
        for other in others
        if not LAST_VOWEL.search(other) and not all(stem.endswith(INFINITIVE) for stem in lexicon.stems(other))
    ]
    if not others:
        return "", True
    if word.endswith("s") or before in BEFORE_NOUNS:  # the second person singular, or no place for a verb
        return others[0], True
    return (others[0], False) if before in MAYBE_BEFORE_NOUNS else ("", True)


def _around(run: Run, places: Places) -> Iterator[Problem]:
    for found in QUESTION.finditer(run.text):
        word = found[1].lower()
        yield _lacks(run, found.start(1), found[1], ASKED.get(word) or word.replace("ua", "uá"), True, places)
    seen: set[int] = set()
    for pattern, meant, sure in AROUND:
        for found in pattern.finditer(run.text):
            group = found.lastindex or 1
            if found.start(group) in seen:
                continue
            seen.add(found.start(group))
            yield _lacks(run, found.start(group), found[group], meant, sure, places)


def _lacks(run: Run, offset: int, word: str, meant: str, sure: bool, places: Places) -> Problem:
    shown = meant.capitalize() if word[0].isupper() else meant
    message = f"{word!r} lacks its accent" if sure else f"does {word!r} lack its accent?"
    return Problem(places.of(run, offset), message, f"write {shown!r}", "accent", "error" if sure else "warning")
