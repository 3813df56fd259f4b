"""What the README promises works when it is followed."""

from __future__ import annotations

import re
import shutil
import textwrap

from pipeline.build import build
from pipeline.config import load
from tests.project import REPOSITORY, Project

README = (REPOSITORY / "README.md").read_text()


def test_the_article_in_ten_lines_builds(built: Project) -> None:
    name, block = re.search(r"`articles/([a-z-]+/en\.md)`:\n\n((?:    .*\n|\n)+)", README).groups()
    text = textwrap.dedent(block).strip() + "\n"
    lines = text.split("\n")
    assert len(lines) <= 13
    shutil.copy(REPOSITORY / "articles/categories.yaml", built.root / "articles/categories.yaml")
    built.write(f"articles/{name}", text)
    outcome = build(load(built.root), accept=True)
    assert {line.slug: line.values for line in outcome.topics}["coin-tosses"] == 2
    assert {problem.rule for problem in outcome.warnings} == {"translation"}
    page = next((built.root / "build/site").rglob("coin-tosses/index.html")).read_text()
    assert "10,000" in page


def test_each_file_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links and [link for link in links if not (REPOSITORY / link).exists()] == []
