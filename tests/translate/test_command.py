"""A translation that was only begun does not stop a build, whatever its figures draw."""

from __future__ import annotations

import pytest

from pipeline.build import build
from pipeline.config import load
from pipeline.starting import Wanted, start
from pipeline.translate.command import translate


@pytest.mark.slow
def test_what_was_begun_builds_with_the_words_of_its_figures(built) -> None:
    config = load(built.root)
    (built.root / "articles/tiny/es.md").unlink()
    start(config, Wanted("odd-sums", "Odd Sums"))
    (tiny,) = translate(config, "tiny", "es")
    (sums,) = translate(config, "odd-sums", "es")
    assert (tiny.done, sums.done) == ("begun", "begun")
    assert '  "step": "step"\n' in (built.root / "articles/tiny/es.md").read_text()
    outcome = build(config, accept=True)
    assert {line.slug for line in outcome.topics} == {"tiny", "odd-sums"}
    pages = [path.read_text() for path in (built.root / "build/site").rglob("*.html")]
    assert any("Odd Sums" in page for page in pages) and not any("% untranslated" in page for page in pages)
