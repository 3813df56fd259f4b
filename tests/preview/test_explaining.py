"""Every diagnostic has its page, with the text that a terminal shows."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from pipeline.diagnostics.explain import text_of
from pipeline.diagnostics.page import Explained, pages
from pipeline.preview.explaining import explanation
from tests.preview.test_topic_list import words


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.code)
def test_the_text_is_all_there(page: Explained) -> None:
    made = explanation(page, words("en"))
    assert re.findall("<h2[^>]*>(.*?)</h2>", made) == re.findall("^## (.*)$", text_of(page), re.MULTILINE)
    plain = Markup(re.sub(r"<[^>]+>", "", made)).unescape()
    for word in re.findall(r"\w{4,}", text_of(page)):
        assert word in plain
