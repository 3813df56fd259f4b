"""What is wrong with what all pages are made of is said, and ends neither an answer nor what goes on beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from pipeline.memo.results import results
from pipeline.preview.live import Live
from tests.previewing import NEWTON, previewing, sample, settled, until
from tests.project import Project

pytestmark = pytest.mark.slow
BASE = "templates/site/base.html.j2"
NEVER_SEEN = "es/newton-iteration/"  # of a page that was seen the last good state is shown


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[tuple[str, Live]]:
    with previewing(sample(tmp_path / "project")) as (address, live):
        settled(live)
        yield address, live


def ask(address: str) -> tuple[int, str, str]:
    """Status, type and content."""
    try:
        with urlopen(address, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


@pytest.mark.parametrize(
    "path", [NEVER_SEEN, "_live/topics", "_live/beside/newton-iteration/en/es", "_live/search?q=a"]
)
def test_a_mistake_in_the_frame_of_all_pages_is_said_where_it_is(
    preview: tuple[str, Live], path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    address, live = preview
    project = Project(live.config.root)
    before = (live.config.root / BASE).read_text()
    project.write(BASE, before + "{% if %}")
    status, kind, _ = until(lambda: (found := ask(address + path))[2].startswith(f"{BASE}:") and found)
    assert (status, kind) == (500, "text/plain; charset=utf-8")
    assert "Traceback" not in capfd.readouterr().err
    project.write(BASE, before)
    until(lambda: ask(address + path)[0] == 200)


def test_words_that_cannot_be_read_are_said_and_are_no_missing_page(preview: tuple[str, Live]) -> None:
    address, live = preview
    Project(live.config.root).add("templates/messages/en.yaml", "\n: [\n")
    path = "_live/beside/newton-iteration/en/es"
    found = until(lambda: (found := ask(address + path))[2].startswith("templates/messages/en.yaml:") and found)
    assert found[0] == 500


def test_cells_go_on_to_run_while_a_page_that_somebody_looks_at_cannot_be_made(preview: tuple[str, Live]) -> None:
    address, live = preview
    project = Project(live.config.root)
    before = (live.config.root / BASE).read_text()
    project.write(BASE, before + "{% if %}")
    until(lambda: ask(address + NEVER_SEEN)[0] == 500)
    listener = live.listen(NEVER_SEEN, "")
    project.change(NEWTON, 'glue("digits", 12)', 'glue("digits", 15)')
    settled(live)
    with live.asking() as memo:
        found = results(memo, "newton-iteration")
    assert found is not None and found.glued["digits"].value == 15
    assert ask(address + NEVER_SEEN)[0] == 500
    project.write(BASE, before)
    until(lambda: b"event: page" in (event := listener.hear(0.1) or b"") and b'data-value=\\"digits\\">15<' in event)
