"""Words that no dictionary has, and words that are right and were not meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.check import lexicon
from pipeline.check.accents import accents
from pipeline.check.lexicon import Lexicon, find_dictionary
from pipeline.check.spelling import spelling

pytestmark = pytest.mark.slow

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    dictionary = find_dictionary("es")
    assert dictionary
    return Lexicon(dictionary, tmp_path_factory.mktemp("memory") / "es.json")


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memory")


@pytest.fixture(autouse=True)
def _remembering(memory: Path, project) -> None:
    """One memory for all tests of this module, so that each dictionary is loaded once."""
    (project.root / ".marovi").mkdir()
    (project.root / ".marovi" / "spelling").symlink_to(memory)


def test_words_of_the_dictionary_and_of_the_project_s_list_are_right(project, found) -> None:
    project.write("articles/words/en.txt", "# ours\nsoftmax\nReLU  # a unit\n")
    project.write("articles/words/names.txt", "Himmelblau\n")
    project.add(
        EN, "\nSoftmax, the ReLU's slope, Himmelblau, Cauchy's *función*, CNNs, float16, R², `numpyy` and $fo$.\n"
    )
    project.add(ES, "\nSe llama *softmax* o «gradient descent»; obsérvese la función.\n")
    assert found(spelling) == []


def test_a_word_with_a_letter_too_many(project, found) -> None:
    project.add(EN, "\nThe function\nhas a gradientt there.\n")
    (line,) = found(spelling)
    assert line.startswith(f"{EN}:26:7: 'gradientt' is not in the dictionary; did you mean 'gradient' or ")
    assert line.endswith("a new term goes into articles/words/en.txt, a name into articles/words/names.txt [spelling]")


@pytest.mark.parametrize(
    ("old", "new", "place", "wrong", "right"),
    [
        ("Un tema", "La funcion", "3:13", "funcion", "función"),
        ("Es pequeño", "Es pequeno", "4:17", "pequeno", "pequeño"),
        ("Una curva", "Rápida y tipicamente", "6:29", "tipicamente", "típicamente"),
        ("Sube.", "Es gradiénte.", "6:40", "gradiénte", "gradiente"),
        ("Primera", "Separelo", "10:4", "Separelo", "Sepárelo"),
    ],
)
def test_a_missing_accent_comes_with_the_right_word(old, new, place, wrong, right, project, found) -> None:
    project.change(ES, old, new)
    if old == "Primera":
        project.change(ES, "#primera-parte", "#separelo-parte")
    assert any(line.startswith(f"{ES}:{place}: {wrong!r} is not") and right in line for line in found(spelling))


@pytest.mark.parametrize(
    ("words", "wrong", "right"),
    [
        ("Ano de publicación.", "Ano", "Año"),
        ("El numero de pasos.", "numero", "número"),
        ("Las lineas suben.", "lineas", "líneas"),
        ("Una formula corta.", "formula", "fórmula"),
        ("La función de perdida.", "perdida", "pérdida"),
        ("Hinton lo llamo así.", "llamo", "llamó"),
        ("Luego se paso a más.", "paso", "pasó"),
        ("Ya esta calculado.", "esta", "está"),
        ("Va con el.", "el", "él"),
        ("Son iguales entre si.", "si", "sí"),
        ("El publico de hoy.", "publico", "público"),
    ],
)
def test_a_word_that_lost_its_accent_and_is_still_a_word(words, wrong, right, project, found) -> None:
    project.add(ES, f"\n{words}\n")
    column = 1 + words.index(wrong)
    assert found(accents) == [f"{ES}:17:{column}: {wrong!r} lacks its accent; write {right!r} [accent]"]


def test_words_that_need_no_accent(project, found) -> None:
    project.add(
        ES,
        "\nSe formula así: el paso que practica, un sondeo, y los haces calculados de un año.\n",
    )
    assert found(accents) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Pronto la formula.", "formula"),
        ("Hinton sondeo esto.", "sondeo"),
        ("Luego Haskell Curry estudio esto.", "estudio"),
    ],
)
def test_a_form_that_may_be_right_is_only_asked_about(text: str, word: str, project) -> None:
    project.add(ES, f"\n{text}\n")
    (problem,) = accents(project.read()[0])
    assert (problem.severity, problem.message) == ("warning", f"does {word!r} lack its accent?")


def test_words_that_ask(project, found) -> None:
    project.add(ES, "\n¿Que hace? ¿Por que? ¿Cuanto? ¿Cómo?\n")
    assert [line.partition("; ")[2] for line in found(accents)] == [
        "write 'Qué' [accent]", "write 'qué' [accent]", "write 'Cuánto' [accent]"
    ]  # fmt: skip


def test_pronouns_behind_a_verb(spanish: Lexicon) -> None:
    right = ["obsérvese", "desplegándolos", "sepárelo", "estandarizarlas", "júzguese"]
    wrong = ["separelo", "desplegandolos", "médirlo", "éntrenados"]
    assert [word for word in [*right, *wrong] if word in spanish] == right


def test_a_language_without_a_dictionary_is_an_error(found, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(lexicon, "HERE", tmp_path)
    monkeypatch.setattr(lexicon, "SYSTEM", ())
    (line,) = found(spelling)
    assert line.startswith("pyproject.toml:1:1: there is no hunspell dictionary for 'es'; install one")


def test_a_dictionary_on_the_system_is_found(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(lexicon, "SYSTEM", (tmp_path,))
    assert find_dictionary("xx") is None
    for suffix in (".dic", ".aff"):
        (tmp_path / f"xx_YY{suffix}").touch()
    assert find_dictionary("xx") == tmp_path / "xx_YY"


def test_what_was_looked_up_is_not_looked_up_again(tmp_path: Path, monkeypatch) -> None:
    dictionary = find_dictionary("en")
    assert dictionary
    first = Lexicon(dictionary, tmp_path / "en.json")
    assert "gradient" in first and "gradeint" not in first
    meant = first.meant("gradeint")
    first.remember()
    monkeypatch.setattr(Lexicon, "_dictionary", lambda self: pytest.fail("the dictionary was loaded"))
    again = Lexicon(dictionary, tmp_path / "en.json")
    assert "gradient" in again and again.meant("gradeint") == meant and "gradient" in meant
    known = json.loads((tmp_path / "en.json").read_text())
    (tmp_path / "en.json").write_text(json.dumps({**known, "key": "of another dictionary"}))
    with pytest.raises(pytest.fail.Exception):
        Lexicon(dictionary, tmp_path / "en.json").stems("gradient")
