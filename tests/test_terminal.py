"""What the commands show a person, when it comes from somebody else."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from pipeline.errors import MaroviError, Problem, Where
from pipeline.terminal import harmless, show_error, show_problems, table, width

STEERING = "a\x1b]0;title\x07b\x9b2Jc\rd\u202ee"
SHOWN = r"a\x1b]0;title\x07b\x9b2Jc\rd\u202ee"


def test_what_would_steer_a_terminal_is_shown_as_its_code() -> None:
    assert harmless(STEERING) == SHOWN


def test_other_signs_stay_as_they_are() -> None:
    text = "Añó, 学习率\u3000“x” → 1\u00a0000\tα²"
    assert harmless(text) == text


def test_no_problem_steers_the_terminal_or_fakes_another_line() -> None:
    stream = io.StringIO()
    message = f"{STEERING}\narticles/b/en.md:1:1: error: fake"
    show_problems(
        [Problem(Where("articles/a/en.md", 1, 2), message, STEERING, "cell", excerpt=f"> 1 | {STEERING}\n")], stream
    )
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0] == rf"articles/a/en.md:1:2: error: {SHOWN}\narticles/b/en.md:1:1: error: fake; {SHOWN} [cell]"
    assert lines[1] == f"    > 1 | {SHOWN}"


def test_no_error_and_no_table_steers_the_terminal() -> None:
    stream = io.StringIO()
    show_error(MaroviError(f"{STEERING}\nsecond line"), stream)
    assert stream.getvalue() == f"error: {SHOWN}\nsecond line\n"
    assert table([["what", "now"], ["p", STEERING]]) == f"what  now\np     {SHOWN}"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


TEXT = "\n".join(
    ["---", "title: Tiny", "---", "一二三四五六七八九十 {cites}`a` 一二三四五六七八九十", "\tx = $a$", "y" * 300]
)
PROBLEMS = [
    Problem(Where("articles/a/zh.md", 4, 12), "unknown role 'cites'", "did you mean 'cite'?", "unknown-role"),
    Problem(Where("articles/a/zh.md", 5, 6), "温度" * 30, "", "nobody-knows-it", "warning"),
    Problem(Where("articles/a/zh.md", 6, 200), "y" * 200),
    Problem(Where("articles/b/en.md", 9, 1), "gone", excerpt="> 9 | 1 / 0\n    |   ^"),
]


def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int, **environment: str) -> list[str]:
    for name, value in {"COLUMNS": str(columns), "TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "articles/a").mkdir(parents=True, exist_ok=True)
    (tmp_path / "articles/a/zh.md").write_text(TEXT)
    stream = Terminal()
    show_problems(PROBLEMS, stream, tmp_path)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("columns", [20, 32, 40, 80, 200])
def test_a_terminal_shows_problems_by_file_and_no_line_is_too_wide(
    columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = shown(tmp_path, monkeypatch, columns, NO_COLOR="1")
    assert max(map(width, lines)) <= columns and not any("\x1b" in line for line in lines)
    whole = "".join(line.strip() for line in lines)
    assert whole.count("zh.md") == 1 and "温度" * 30 in whole.replace(" ", "")
    assert "[M030" in whole and "y" * 200 in whole and "1 / 0" in whole
    assert "".join(lines[-5:]).replace(" ", "").find("3errors,1warningin2files") >= 0


def test_the_mark_stands_below_its_column_also_behind_wide_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = shown(tmp_path, monkeypatch, 100, NO_COLOR="1")
    source = next(line for line in lines if "{cites}" in line)
    mark = lines[lines.index(source) + 1]
    assert width(source[: source.index("{cites}")]) == width(mark[: mark.index("^")])
    source = next(line for line in lines if "x = $a$" in line)
    assert width(source[: source.index("$a$")]) == width(lines[lines.index(source) + 1].rstrip("^"))


def test_colours_only_where_they_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    colored = shown(tmp_path, monkeypatch, 80)
    assert any("\x1b[31m" in line for line in colored)
    plain = [re.sub(r"\x1b\[\d+m", "", line) for line in colored]
    assert plain == shown(tmp_path, monkeypatch, 80, NO_COLOR="1")
    assert not any("\x1b" in line for line in shown(tmp_path, monkeypatch, 80, TERM="dumb", NO_COLOR=""))


def test_elsewhere_a_problem_is_one_line_with_its_rule() -> None:
    stream = io.StringIO()
    show_problems(PROBLEMS[:1], stream)
    assert stream.getvalue() == (
        "articles/a/zh.md:4:12: error: unknown role 'cites'; did you mean 'cite'? [unknown-role]\n"
    )
