"""What the comparison gives to the peers, and the edits whose cost it measures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.compare.edits import edit_first, edit_last, edit_prose
from bench.compare.small import write_small
from bench.compare.topics import SETUP, Topic, myst_nb, notebook, plain, read_topics
from pipeline.check import check
from pipeline.check.rules import STRUCTURE
from pipeline.config import load
from pipeline.read import read_all

ROOT = Path(__file__).parents[2]
TOPIC = Topic(
    "one",
    """\
---
title: One Topic
summary: Short.
---
**One Topic** has {glue}`count:.2f` {term}`rates <learning-rate>` and $x = \\glue{count}$.

```{code-cell} python
:label: first
size = 3
count = size
```

```{table} rows
:columns: a
Caption.
```

```{code-cell} python
:label: last
:code: fold
print(count)
```

The end.
""",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small") / "project"
    root.mkdir()
    write_small(root, ROOT / "templates")
    return root


def test_cells_are_read_without_their_options() -> None:
    assert TOPIC.cells == ("size = 3\ncount = size\n", "print(count)\n")
    assert TOPIC.labelled == {"first": "size = 3\ncount = size\n", "last": "print(count)\n"}
    assert TOPIC.title == "One Topic"


def test_a_source_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="one has no title"):
        _ = Topic("one", "no head").title


def test_a_notebook_has_the_same_cells_after_what_a_worker_does() -> None:
    made = json.loads(notebook(TOPIC))
    assert [cell["source"] for cell in made["cells"]] == [SETUP, *TOPIC.cells]
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])


def test_a_document_for_myst_nb_keeps_prose_and_cells() -> None:
    made = myst_nb(TOPIC)
    assert "# One Topic" in made
    assert "has `count:.2f` `rates` and $x = x$" in made
    assert "```{code-cell} python\nprint(count)\n```" in made
    assert ":label:" not in made
    assert "{table}" not in made


def test_a_document_for_pandoc_shows_the_code_that_a_translation_embeds() -> None:
    made = plain("---\ntitle: Uno\n---\n**Uno**\n\n```{embed} #last\n```\n", TOPIC.labelled)
    assert made == "**Uno**\n\n```python\nprint(count)\n```\n"


def test_an_edit_of_prose_touches_no_cell() -> None:
    edited = Topic("one", edit_prose(TOPIC.text, 0))
    assert edited.cells == TOPIC.cells
    assert edited.text != TOPIC.text != edit_prose(TOPIC.text, 1) != edited.text


def test_an_edit_of_the_first_cell_changes_its_number() -> None:
    edited = Topic("one", edit_first(TOPIC.text, 4))
    assert edited.cells == ("size = 8\ncount = size\n", TOPIC.cells[1])


def test_an_edit_of_a_cell_without_the_number_adds_a_line() -> None:
    edited = Topic("one", edit_last(TOPIC.text, 4))
    assert edited.cells == (TOPIC.cells[0], "print(count)\nedited = 4\n")


def test_a_document_without_cells_is_not_edited_in_one() -> None:
    with pytest.raises(ValueError, match="without cells"):
        edit_last("only prose", 0)


def test_the_small_topics_are_sixteen_of_four_cells(small: Path) -> None:
    topics = read_topics(small / "articles")
    assert [len(topic.cells) for topic in topics] == [4] * 16
    assert len({topic.title for topic in topics}) == 16
    for topic in topics:
        for edit in (edit_first, edit_last):
            assert "edited" not in edit(topic.text, 0), "each edit changes a number that the page prints"


def test_the_small_topics_have_no_mistake_of_form(small: Path) -> None:
    sources, problems = read_all(load(small))
    problems = (*problems, *check(sources, STRUCTURE))
    assert {problem.rule for problem in problems} == {"translation"}, "they are not stamped, and else as they should be"


def test_the_small_topics_are_the_same_each_time(small: Path, tmp_path: Path) -> None:
    write_small(tmp_path, ROOT / "templates")
    for path in sorted((small / "articles").rglob("*.*")):
        assert (tmp_path / path.relative_to(small)).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_the_bare_script_prints_what_cells_publish(small: Path, tmp_path: Path) -> None:
    topic = next(topic for topic in read_topics(small / "articles") if topic.slug == "line-fitting-1")
    (tmp_path / "line-fitting-1.ipynb").write_text(notebook(topic))
    command = [sys.executable, str(ROOT / "bench/compare/bare.py"), str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    lines = said.stdout.splitlines()
    assert lines[0] == "topic line-fitting-1"
    assert "size = 400" in lines
    assert any(line.startswith("close: the line against PyTorch") for line in lines)
