"""The bibliography's fields as plain text."""

from __future__ import annotations

import codecs
from pathlib import Path

import latexcodec  # noqa: F401  (registers the codec)
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.bibliography import NOTHING_OF_LATEX, read_references
from pipeline.read.context import Known, Reading


@given(st.text(st.characters() | st.sampled_from(" ,.-:;()/+`'\"~$%&#_^{}\\<>?!"), max_size=12))
def test_what_is_not_decoded_would_be_the_same_decoded(value: str) -> None:
    if NOTHING_OF_LATEX.fullmatch(value):
        decoded = codecs.getdecoder("ulatex")(value)[0]  # type: ignore[arg-type]
        assert " ".join(decoded.split()) == " ".join(value.split())


def test_latex_is_written_as_unicode(tmp_path: Path) -> None:
    file = tmp_path / "references.bib"
    lines = ("@book{gauss,", "author = {Gau{\\ss}, Carl},", "title = {Theoria  motus 1--2},", "year = 1809,")
    file.write_text("\n ".join((*lines, "publisher = {F.~Perthes}}\n")))
    reading = Reading("articles/references.bib", "en", Known())
    fields = read_references(file, reading)["gauss"].fields
    assert reading.problems == []
    assert fields == {
        "author": "Gauß, Carl",
        "title": "Theoria motus 1–2",
        "year": "1809",
        "publisher": "F. Perthes",
    }
