"""Glossary terms: the Term template, which knows the definition in the page's language."""

from __future__ import annotations

from pipeline.read.document import TermUse
from pipeline.render.wikitext.escape import POSITIONAL, escape


def term(node: TermUse, reserved: str = "") -> str:
    """`{{Term|learning-rate|tasa de aprendizaje}}`."""
    return f"{{{{Term|{escape(node.key, POSITIONAL)}|{escape(node.text, reserved + POSITIONAL)}}}}}"
