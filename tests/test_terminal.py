"""What the commands show a person, when it comes from somebody else."""

from __future__ import annotations

import io

from pipeline.errors import MaroviError, Problem, Where
from pipeline.terminal import harmless, show_error, show_problems, table

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
