"""Translations: begin and refresh them, exchange them as PO, say which text of the source they were made from."""

from __future__ import annotations

from pipeline.translate.stamping import stamp

__all__ = ["stamp"]
