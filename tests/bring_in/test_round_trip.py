"""Import, then render, gives a page that reads the same: words, headings, links, formulas, tables, lists in order."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.bring_in import Existing, bring_in
from pipeline.bring_in.model import Brought, Wiki, WikiPage
from pipeline.bring_in.seen import seen_in_wikitext, split_heads, words_in
from pipeline.bring_in.writing import write
from pipeline.config import load
from pipeline.read import read_all
from pipeline.read.article import Sources
from pipeline.render import render
from pipeline.run.results import Environment, Results

REPOSITORY = Path(__file__).parents[2]
GOLDEN = REPOSITORY / "tests/render/golden"
SAMPLE = REPOSITORY / "tests/render/sample"
PICTURE = (SAMPLE / "articles/sample-topic/picture.png").read_bytes()
ENVIRONMENT = Environment("3.11.2", "2.3.1", "2.13.0", "3.10.0", "cpu", "Linux x86_64")
TEXTS = ["Other Topic", "Sample Topic", "Sample Topic/es", "Sample Topic/zh"]
SUMMARIES = ["Sample Topic/summary", "Sample Topic/summary/es"]
TITLES = TEXTS + SUMMARIES


def golden() -> tuple[WikiPage, ...]:
    pages = []
    for path in GOLDEN.glob("*.wiki"):
        title = unquote(path.stem)
        namespace = title.partition(":")[0] if ":" in title else ""
        pages.append(WikiPage(title, namespace, path.read_text()))
    return tuple(pages)


class Imported:
    """The golden pages imported into a project that lacks their topics, read and rendered again."""

    def __init__(self, root: Path) -> None:
        shutil.copytree(SAMPLE, root)
        (root / "templates").symlink_to(REPOSITORY / "templates")
        shutil.rmtree(root / "articles/sample-topic")
        shutil.rmtree(root / "articles/other-topic")
        (root / "articles/glossary/learning-rate.yaml").unlink()
        config = load(root)
        sources, _ = read_all(config)
        wiki = Wiki("golden", golden(), lambda title: PICTURE if "Sample Topic - " in title else None)
        self.brought: Brought = bring_in(
            wiki, Existing(config.languages, sources, frozenset(), frozenset({"gradient"}))
        )
        write(self.brought.files, root / "articles")
        self.root = root
        self.sources: Sources
        self.sources, self.problems = read_all(config)
        results = {
            slug: Results(slug, "", {}, {}, {}, (), ENVIRONMENT, 0.0, 0, "", True) for slug in self.brought.topics
        }
        rendered, _ = render(self.sources, results, {})
        self.pages: Mapping[str, str] = {page.title: page.text for page in rendered.pages}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return Imported(tmp_path_factory.mktemp("imported") / "project")


def body(title: str) -> str:
    """The golden page as an import leaves it: what was written around its code and its notes is written anew."""
    text = (GOLDEN / (title.replace("/", "%2F") + ".wiki")).read_text()
    text = re.sub(r'<div class="marovi-code-head">[^<]*</div>', "", text)
    text = re.sub(r"alt=.*?\|", lambda found: found[0].replace("&#91;", "(").replace("&#93;", ")"), text)
    return re.sub(r'<pre class="[^"]*">', "<pre>", text)


def seen(text: str) -> list[str]:
    return words_in(seen_in_wikitext("\n".join(split_heads(text))))


def test_it_reads_without_an_error(imported: Imported) -> None:
    errors = [str(problem) for problem in imported.problems if problem.severity == "error"]
    # The sample's concept has no Chinese page, and its planned concept is in the project already.
    assert [error for error in errors if "glossary/learning-rate.yaml" not in error] == []


@pytest.mark.parametrize("title", TITLES)
def test_it_has_the_same_words_in_order(imported: Imported, title: str) -> None:
    assert seen(imported.pages[title]) == seen(body(title))


KINDS = {
    "headings": r"(?m)^(=+ .*? =+)$",
    "formulas": r"(?s)<math[^>]*>.*?</math>",
    "links": r"\[\[(?!File:)[^\]]*\]\]",
    "links-out": r"\[https?:[^\]]*\]",
    "tables": r"(?m)^(?:\||!|\{\||\|\}).*$",
    "lists": r"(?m)^[*#:;]+ .*$|</?(?:ol|ul|li|dl|dt|dd)\b[^>]*>",
    "code": r'(?s)<syntaxhighlight lang="python">.*?</syntaxhighlight>',
    "references": r"<ref [^>]*>",
    "terms": r"\{\{Term\|[^}]*\}\}",
    "emphasis": r"'''.*?'''|<i>|''",
}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_has_the_same_of_each_kind_in_order(imported: Imported, title: str, kind: str) -> None:
    def found(text: str) -> list[str]:
        # A table's caption is a paragraph above it.
        return re.findall(KINDS[kind], re.sub(r"(?m)^\|\+ .*\n", "", "\n".join(split_heads(text))))

    assert found(imported.pages[title]) == found(body(title))


def test_pictures_come_with_their_captions(imported: Imported) -> None:
    text = (imported.root / "articles/sample-topic/en.md").read_text()
    assert '](curve-en.png "The curve at 5.0%, see [the other topic](../other-topic/).")' in text
    assert (imported.root / "articles/sample-topic/curve-en.png").read_bytes() == PICTURE


def test_no_word_is_missing_and_nothing_claims_to_be_computed(imported: Imported) -> None:
    assert [entry for entry in imported.brought.left if entry.kind == "missing"] == []
    for name, content in imported.brought.files.items():
        if name.endswith(".md"):
            assert "{lit}" not in content.decode() and "{glue}" not in content.decode()
    claims = [entry.text for entry in imported.brought.left if "verification = " in entry.text]
    assert len(claims) == len(TITLES) - 1  # no cell ran for Other Topic, so its page claims nothing


def test_the_head_is_that_of_the_source(imported: Imported) -> None:
    made = imported.sources.articles["sample-topic"].source.metadata
    assert (made.field, made.subfield, made.topic_area, made.difficulty) == (
        "Machine Learning", "Optimization", "Optimization", "Introductory",
    )  # fmt: skip
    assert made.prerequisites == made.related_articles == ("other-topic", "neural-networks")
    assert made.categories == ("Optimization", "Introductory")
    assert (made.provenance.generated_by, made.provenance.generated_date) == ("Marovi", "2026-11-21")


def test_a_concept_comes_with_its_translation(imported: Imported) -> None:
    concept = imported.sources.concepts["learning-rate"]
    assert concept.texts["en"].term == "learning rate" and concept.texts["es"].term == "tasa de aprendizaje"
    assert concept.texts["en"].aliases == ("step size", "rate; of learning")
    assert (concept.domain, concept.article, concept.related) == ("Optimization", "other-topic", ("gradient",))
