"""The table of topics by languages."""

from __future__ import annotations

import os
import subprocess
import time

from pipeline.config import load
from pipeline.terminal import width
from pipeline.translate.state import Outdated, show, state_of_all
from tests.translate.conftest import ES, git

DAY = 86_400


def standing(translated, now=None, review_days=365):
    found = state_of_all(load(translated.project.root), review_days, now or time.time())
    return found, found.rows[0].languages["es"]


def test_a_translation_of_the_source_as_it_stands_is_current(translated) -> None:
    found, spanish = standing(translated)
    assert (spanish.file, spanish.state, spanish.outdated, spanish.marks) == (ES, "current", (), 0)
    assert found.rows[0].languages["en"].state == "source"


def test_an_outdated_section_has_the_days_since_its_source_was_committed(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 do")
    when = int(time.time()) - 9 * DAY
    git(translated.project, "add", "-A")
    environment = {**os.environ, "GIT_COMMITTER_DATE": f"{when} +0000"}
    command = ["git", "-C", str(translated.project.root), "-c", "user.name=Test", "-c", "user.email=t@example.org"]
    subprocess.run([*command, "commit", "-qm", "two"], check=True, env=environment)
    _, spanish = standing(translated)
    assert spanish.outdated == (Outdated("first-part", 9),) and spanish.state == "outdated"


def test_a_change_that_is_not_committed_is_of_today(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 do")
    assert standing(translated)[1].outdated == (Outdated("first-part", 0),)


def test_marks_are_counted_and_a_missing_translation_is_said(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 will do")
    translated.refresh()
    assert standing(translated)[1].marks == 1
    (translated.project.root / ES).unlink()
    assert standing(translated)[1].state == "missing"


def test_a_review_is_due_for_a_draft_and_when_the_last_one_is_old(translated) -> None:
    assert standing(translated)[1].review == "draft"
    review = "provenance: {review_state: reviewed, last_review_date: 2026-01-01}\ntranslated_from:"
    translated.project.change(ES, "translated_from:", review)
    day = 1_767_225_600  # 2026-01-01
    assert standing(translated, day + 100 * DAY)[1].review == ""
    assert standing(translated, day + 100 * DAY, 99)[1].review == "reviewed 100 days ago"


def test_the_table_fits_on_a_narrow_terminal(translated) -> None:
    translated.change("Rates of 1/2 do", "Rates of 1/4 do")
    found, _ = standing(translated)
    assert "tiny" in show(found, 200, colored=False).split("\n")[1]
    narrow = show(found, 30, colored=False).split("\n")
    assert max(width(line) for line in narrow[: narrow.index("")]) <= 30
    assert "  es: 1 outdated 0 d" in narrow


def test_the_command_gives_json_and_succeeds(translated) -> None:
    import json
    import sys

    command = [sys.executable, "-m", "pipeline.cli", "--root", str(translated.project.root), "status", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"][0]["languages"]["es"]["state"] == "current"
