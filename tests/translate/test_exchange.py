"""PO there and back: the same bytes without a change, the changed words with one, nothing at all with a damaged one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import load
from pipeline.errors import MaroviError, SourceError
from pipeline.translate.exchange import export, take_in
from pipeline.translate.parts import parts_of, with_texts
from pipeline.translate.text import put_together, take_apart
from tests.project import REPOSITORY
from tests.translate.conftest import EN, ES

FILES = sorted((REPOSITORY / "articles").glob("*/*.md"))


@pytest.fixture
def po(translated, tmp_path) -> Path:
    file = tmp_path / "tiny.po"
    export(load(translated.project.root), "tiny", "es", file)
    return file


def import_(translated, file: Path) -> dict[str, int]:
    return take_in(load(translated.project.root), "tiny", "es", file)


def change(file: Path, old: str, new: str) -> int:
    """Change a file once and return the line of the message that this is in."""
    text = file.read_text()
    assert text.count(old) == 1, text
    file.write_text(text.replace(old, new))
    lines = text[: text.index(old)].split("\n")
    return max(number for number, line in enumerate(lines, 1) if line.startswith("msgctxt"))


def test_without_a_change_not_a_byte_is_another_one(translated, po) -> None:
    before = translated.text
    assert import_(translated, po) == {}
    assert translated.text == before


def test_gettext_takes_the_file(po) -> None:
    if shutil.which("msgfmt") is None:
        pytest.skip("gettext is not installed")
    assert subprocess.run(["msgfmt", "-c", "-o", "/dev/null", po], check=False).returncode == 0


def test_each_text_says_where_it_stands_in_the_source(translated, po) -> None:
    text = po.read_text()
    line = (translated.project.root / EN).read_text().split("\n").index("## First part") + 1
    assert f'#: {EN}:{line}\nmsgctxt "first-part/heading-1"\nmsgid "First part"\nmsgstr "Primera parte"' in text
    assert 'msgctxt "head/figures/curve/alt"\nmsgid "It rises."\nmsgstr "Sube."' in text
    assert "glue(" not in text


def test_a_changed_text_is_the_only_thing_that_changes(translated, po) -> None:
    before = translated.text
    change(po, 'msgstr "Las tasas de 1/2 sirven', 'msgstr "Funcionan las tasas de 1/2')
    assert import_(translated, po) == {ES: 1}
    assert translated.text == before.replace("Las tasas de 1/2 sirven", "Funcionan las tasas de 1/2")


def test_links_follow_a_heading_that_is_called_otherwise(translated, po) -> None:
    change(po, 'msgstr "Primera parte"', 'msgstr "El comienzo"')
    import_(translated, po)
    assert "## El comienzo\n" in translated.text and "[la primera parte](#el-comienzo)" in translated.text
    assert translated.errors() == []


def test_an_outdated_paragraph_is_fuzzy_and_done_when_it_is_no_more(translated, po) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 do")
    root = load(translated.project.root)
    export(root, "tiny", "es", po)
    assert "#. Rates of 1/[-2-]{+4+} do, {glue}`count:d` times.\n" in po.read_text()
    assert po.read_text().count("#, fuzzy") == 1
    po.write_text(po.read_text().replace("#, fuzzy\n", "").replace("Las tasas de 1/2", "Las tasas de 1/4"))
    import_(translated, po)
    assert "% " not in translated.text and "Las tasas de 1/4" in translated.text
    assert "marks compare it" in translated.text
    translated.stamp()


def test_a_new_translation_comes_in_whole(translated, po) -> None:
    done = po.read_text()
    (translated.project.root / ES).unlink()
    translated.project.change(
        "articles/tiny/en.md",
        '```{code-cell} python\n:label: first\nfrom runtime import glue\n\nglue("count", 3)\n```\n\n',
        "",
    )
    export(load(translated.project.root), "tiny", "es", po)
    assert re.findall(r'^msgstr "(.+)"$', po.read_text(), re.MULTILINE) == []
    po.write_text(done)
    import_(translated, po)
    assert "untranslated" not in translated.text and "**Tema diminuto** tiene" in translated.text
    assert translated.errors() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{term}`tasa de aprendizaje` {cite}`cauchy1847`", "tasa {cite}`cauchy1847`", "lacks the term 'learning-rate'"),
        ("{term}`tasa de aprendizaje`", "{term}`tasa`", "unknown glossary term"),
        ("{term}`tasa de aprendizaje` {cite}`cauchy1847`.", "{term}`tasa de aprendizaje`.", "lacks the citation"),
        ("de 1/2 sirven, {glue}`count:d` veces", "de 1/2 sirven, {glue}`count:.1f` veces", "count:.1f"),
        ("sirven, {glue}`count:d` veces", "sirven, {gleu}`count:d` veces", "unknown role"),
        ("[la primera parte](#primera-parte)", "la primera parte", "lacks a link to a heading"),
        ("Véase [la primera parte](#primera-parte).", "# Véase [la primera parte](#primera-parte).", "Heading"),
        ("Véase [la primera parte](#primera-parte).", "Véase [la primera parte](#primera-parte).\\n\\nMás.", "blocks"),
    ],
)
def test_a_damaged_text_is_refused_with_its_line_and_nothing_is_written(translated, po, old, new, said) -> None:
    line = change(po, old, new)
    change(po, 'msgstr "Es pequeño."', 'msgstr "Es chico."')
    before = translated.text
    with pytest.raises(SourceError) as caught:
        import_(translated, po)
    assert translated.text == before
    assert any(said in str(one) for one in caught.value.problems), [str(one) for one in caught.value.problems]
    assert {one.where.line for one in caught.value.problems} <= {line, line + 1, line - 1, line - 2}
    assert all(one.remedy for one in caught.value.problems)


def test_a_file_of_another_state_of_the_source_is_refused(translated, po) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 do")
    before = translated.text
    with pytest.raises(SourceError, match="problem"):
        import_(translated, po)
    assert translated.text == before


@pytest.mark.parametrize("text", ['msgid "x', "no PO\n", 'msgid "a"\nmsgstr[x] "b"\n'])
def test_what_is_no_po_file_is_said(translated, po, text) -> None:
    po.write_text(text)
    with pytest.raises(MaroviError):
        import_(translated, po)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_any_text_of_any_article_can_be_replaced_and_put_back(path, data) -> None:
    text = path.read_text()
    file = take_apart(text)
    assert put_together(file) == text
    section = data.draw(st.sampled_from(file.sections))
    if not section.blocks:
        return
    block = data.draw(st.sampled_from(section.blocks))
    parts = parts_of(block)
    assert with_texts(block, {number: part.text for number, part in enumerate(parts)}) == block.text
    if parts:
        number = data.draw(st.integers(0, len(parts) - 1))
        changed = type(block)(block.kind, with_texts(block, {number: f"{parts[number].text} more"}), block.line)
        said = [part.text for part in parts_of(changed)]
        assert said == [part.text + " more" * (number == at) for at, part in enumerate(parts)]
