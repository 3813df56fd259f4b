"""The pages of two languages and of origins, as the live preview gives them, also while something is wrong."""

from __future__ import annotations

import pytest

from pipeline.preview.answers import NoSuchPageError
from pipeline.preview.beside import beside_page
from pipeline.preview.origins import origin_page
from tests.memo.conftest import prose
from tests.previewing import previewing, settled
from tests.project import Project

__all__ = ["prose"]

ES = "articles/alpha/es.md"


def test_a_page_has_the_words_of_the_language_at_the_left_and_the_formulas_of_both(prose: Project) -> None:
    with previewing(prose.root) as (_, live):
        settled(live)
        page = beside_page(live, "alpha", "", "es", "en").decode()
    assert "Alfa: Español junto a English" in page and 'data-slug="alpha"' in page
    for path in ("es/alpha/", "en/alpha/"):
        assert f'<link rel="stylesheet" href="/_live/formulas/{path}">' in page
    assert "/assets/formulas.css" not in page


def test_a_translation_that_cannot_be_made_says_what_keeps_it(prose: Project) -> None:
    prose.change(ES, "tiene una", "tiene {glue}`nix` y una")
    with previewing(prose.root) as (_, live):
        settled(live)
        page = beside_page(live, "alpha", "", "en", "es").decode()
    assert f"{ES}:6" in page and "nix" in page and 'class="pair' not in page


@pytest.mark.slow
def test_a_topic_whose_cells_fail_says_so_on_both_pages(prose: Project) -> None:
    prose.add("articles/alpha/en.md", "\n```{code-cell} python\n:label: broken\n1 / 0\n```\n")
    prose.add(ES, "\n```{embed} #broken\n```\n")
    with previewing(prose.root) as (_, live):
        settled(live)
        pages = [
            beside_page(live, "alpha", "", "en", "es"),
            origin_page(live, "en", "alpha", "cell", "broken"),
        ]
    assert all(b"division by zero" in page and b'id="_origin"' not in page for page in pages)


def test_what_is_not_there_is_no_page(prose: Project) -> None:
    with previewing(prose.root) as (_, live):
        settled(live)
        with pytest.raises(NoSuchPageError):
            beside_page(live, "nix", "", "en", "es")
        with pytest.raises(NoSuchPageError):
            beside_page(live, "alpha", "", "en", "fr")
        with pytest.raises(NoSuchPageError):
            origin_page(live, "en", "alpha", "value", "nix")
        with pytest.raises(NoSuchPageError):
            origin_page(live, "fr", "alpha", "value", "nix")
