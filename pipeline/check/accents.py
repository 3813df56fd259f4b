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
ACCENT = re.compile("[áéíóúñü]")
LAST_VOWEL = re.compile("[áéíóú][ns]?$")
# Words of their own that an encyclopedia of learning machines has no use for, with what was meant.
MEANT = dict(
    re.findall(
        r"(\w+) (\w+)",
        """
        ademas además, angulo ángulo, ano año, anos años, arboles árboles, asi así, cana caña, capsula cápsula,
        clausula cláusula, copula cópula, danes danés, ejercito ejército, ensenada enseñada, ensenado enseñado,
        ingles inglés, interpretes intérpretes, jamas jamás, japones japonés, lamina lámina, laminas láminas,
        lampara lámpara, limites límites, linea línea, lineas líneas, maquina máquina, maquinas máquinas,
        margenes márgenes, mas más, mascara máscara, mascaras máscaras, medica médica, medicas médicas,
        montana montaña, montanas montañas, ordenes órdenes, pagina página, paginas páginas, rio río, tenia tenía,
        tenias tenías, valido válido, ultima última, ultimas últimas, varia varía, venia venía
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
PARTICIPLES = {"perdida": "pérdida", "perdidas": "pérdidas"}  # a participle, but here nearly always the loss
QUESTION = re.compile(
    r"[¿¡]\s*(?:(?:por|de|en|a|con|para|desde|hasta)\s+)?(que|como|cual|cuales|cuando|cuanto|cuanta|cuantos|cuantas|donde|quien|quienes)\b",
    re.IGNORECASE,
)
ASKED = {"que": "qué", "como": "cómo", "donde": "dónde", "quien": "quién", "quienes": "quiénes"}
IS = re.compile(
    r"\b(?:no|ya|también|todavía|siempre)\s+(esta)\b|\b(esta)\s+(?:muy|cerca|lejos|claro|bien|mal)\b", re.IGNORECASE
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
                yield from _questions(run, places)


def _words(run: Run, lexicon: Lexicon, listed: frozenset[str], places: Places) -> Iterator[Problem]:
    for offset, word in words(run):
        plain = word.lower()
        if ACCENT.search(plain) or is_listed(word, listed):
            continue
        before = re.search(r"([^\W\d_]+)[\s«“(]*$", run.text[:offset])
        meant, sure = _meant(plain, before[1].lower() if before else "", lexicon)
        if meant:
            shown = meant.capitalize() if word[0].isupper() else meant
            message = f"{word!r} lacks its accent" if sure else f"does {word!r} lack its accent?"
            severity = "error" if sure else "warning"
            yield Problem(places.of(run, offset), message, f"write {shown!r}", "accent", severity)


def _meant(word: str, before: str, lexicon: Lexicon) -> tuple[str, bool]:
    """What was meant by a word without accents, or nothing; and whether that is sure."""
    if word in MEANT:
        return MEANT[word], True
    candidate = PARTICIPLES.get(word, "")
    if not candidate:
        stems = lexicon.stems(word)
        if not stems or word in stems or not all(stem.endswith(INFINITIVE) for stem in stems):
            return "", True
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
        if word.endswith("s") and others:  # the second person singular
            return others[0], True
        candidate = others[0] if others else ""
    if candidate and before in BEFORE_NOUNS:
        return candidate, True
    return (candidate, False) if candidate and before in MAYBE_BEFORE_NOUNS else ("", True)


def _questions(run: Run, places: Places) -> Iterator[Problem]:
    for found in QUESTION.finditer(run.text):
        word = found[1].lower()
        asked = ASKED.get(word) or re.sub("ua", "uá", word)
        yield Problem(places.of(run, found.start(1)), f"{found[1]!r} asks here", f"write {asked!r}", "accent")
    for found in IS.finditer(run.text):
        group = 1 if found[1] else 2
        where = places.of(run, found.start(group))
        yield Problem(
            where, f"does {found[group]!r} lack its accent?", "write 'está' for the verb", "accent", "warning"
        )
