"""`marovi check --fix`: what has one right answer is mended and proved; everything else stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.config import Config, load
from pipeline.diagnostics.page import pages
from pipeline.errors import MaroviError
from pipeline.fixing import fix
from pipeline.fixing.look import Look, look
from pipeline.fixing.same import same
from tests.diagnostics.test_pages import in_chinese, put
from tests.project import Project

EN, ES, ZH = (f"articles/tiny/{name}.md" for name in ("en", "es", "zh"))
BIB = "articles/references.bib"
FIXED = {page.rule: page.example for page in pages() if page.example and page.example.fix}


def content(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.root.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("rule", FIXED)
def test_an_example_that_says_so_is_mended_into_the_right_text(rule: str, project: Project) -> None:
    example = FIXED[rule]
    assert example.wrong and example.right
    if example.base == "chinese":
        in_chinese(project)
    put(project, example, example.right)
    wanted = (project.root / example.file).read_bytes()
    text = wanted.decode().replace(example.right, example.wrong, 1)
    project.write(example.file, text)
    before = content(project)
    assert fix(load(project.root), dry_run=True).startswith(f"--- a/{example.file}\n+++ b/{example.file}\n")
    assert content(project) == before
    fix(load(project.root))
    assert (project.root / example.file).read_bytes() == wanted


@pytest.mark.parametrize(
    ("file", "wrong", "right"),
    [
        (EN, "Towards it, learnt amongst others.", "Toward it, learned among others."),
        (EN, "It’s “so”, not `“so”`.", 'It\'s "so", not `“so”`.'),
        (ES, 'Es "así" y no (*"otro"*).', "Es «así» y no (*«otro»*)."),
        (ZH, "很小,见 a ,再见( 好 )。", "很小，见 a，再见（好）。"),
        (ZH, "這個學習。", "这个学习。"),
    ],
)
def test_all_of_a_sentence_is_mended(file: str, wrong: str, right: str, project: Project) -> None:
    if file == ZH:
        in_chinese(project)
    project.add(file, f"\n{wrong}\n")
    fix(load(project.root))
    assert (project.root / file).read_text().endswith(f"\n{right}\n")
    assert fix(load(project.root)) == ""


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (EN, "summary: A topic", 'summary: "He said “so” of a topic'),  # the head would be broken
        (ES, "Véase [", 'Una pantalla de 5" y véase ['),  # a quote, or inches?
        (EN, "---\ntitle", "\r---\ntitle"),  # a lone CR may stand for anything
    ],
)
def test_what_is_in_doubt_stays_as_it_is(file: str, old: str, new: str, project: Project) -> None:
    if "summary" in old:
        project.change(file, "summary: A topic of {glue}`count` lines.", new + ' of {glue}`count` lines."')
    else:
        project.change(file, old, new)
    before = content(project)
    assert fix(load(project.root)) == ""
    assert content(project) == before


def test_bytes_that_keep_a_file_from_being_read_go_one_after_the_other(project: Project) -> None:
    wanted = (project.root / EN).read_bytes()
    project.write(EN, b"\xef\xbb\xbf" + wanted.replace(b"\n", b"\r\n").replace(b"small.]\r\n", b"small.]\x0b\x07\r\n"))
    fix(load(project.root))
    assert (project.root / EN).read_bytes() in (wanted, wanted.replace(b"small.]", b"small.]\x0b\x07"))
    fix(load(project.root))
    assert (project.root / EN).read_bytes() == wanted


def test_a_repeated_entry_goes_and_a_different_one_stays(project: Project) -> None:
    wanted = (project.root / BIB).read_text()
    project.write(BIB, wanted + "\n" + wanted)
    fix(load(project.root))
    assert (project.root / BIB).read_text().strip() == wanted.strip()
    other = wanted + "\n" + wanted.replace("1847", "1848").replace("cauchy1848", "cauchy1847")
    project.write(BIB, other)
    fix(load(project.root))
    assert (project.root / BIB).read_text() == other


def test_a_file_that_is_saved_meanwhile_is_not_written_over(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.add(EN, "\nTowards it.\n")

    def slow(config: Config) -> Look:
        project.add(EN, "\nSaved.\n")
        return look(config)

    monkeypatch.setattr("pipeline.fixing.look", slow)
    with pytest.raises(MaroviError, match=r"en\.md was changed meanwhile"):
        fix(load(project.root))
    assert "Saved." in (project.root / EN).read_text() and "Towards" in (project.root / EN).read_text()


def test_only_the_topics_named_are_mended(project: Project) -> None:
    project.add(EN, "\nTowards it.\n")
    project.write("articles/other/en.md", (project.root / EN).read_text().replace("Tiny Topic", "Other Topic"))
    fix(load(project.root), ["other"])
    assert "Towards" in (project.root / EN).read_text()
    assert "Toward it" in (project.root / "articles/other/en.md").read_text()
    with pytest.raises(MaroviError, match="there is no topic 'nobody'"):
        fix(load(project.root), ["nobody"])


def test_code_counts_to_the_letter_and_quotes_in_prose_do_not(project: Project) -> None:
    def document(text: str) -> object:
        project.write(EN, original.replace("See [", f"{text} see ["))
        return project.read()[0].articles["tiny"].source.document

    original = (project.root / EN).read_text()
    assert same(document("“a”"), document('"a"'))
    assert not same(document("`“a”`"), document('`"a"`'))
    assert not same(document("a"), document("b"))
    assert not same(document("*a*"), document("a"))


@pytest.mark.slow
def test_the_command_shows_the_diff_and_then_what_is_left(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.add(EN, "\nTowards 5.\n")
    assert main(["--root", str(project.root), "check", "--fix", "tiny"]) == 1
    shown = capsys.readouterr()
    assert "-Towards 5.\n+Toward 5.\n" in shown.out and "the number 5 is typed" in shown.err
    assert "American" not in shown.err and "British" not in shown.err


def test_dry_run_belongs_to_fix(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(project.root), "check", "--dry-run"]) == 1
    assert "belongs to --fix" in capsys.readouterr().err


def test_the_mode_of_a_file_stays(project: Project) -> None:
    path: Path = project.root / EN
    path.chmod(0o600)
    project.add(EN, "\nTowards it.\n")
    fix(load(project.root))
    assert path.stat().st_mode & 0o777 == 0o600
