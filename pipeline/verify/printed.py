"""The language-neutral digits a page prints; the function itself is where runs are compared, one stage earlier."""

from pipeline.run.printed import described, is_table, part, printed

__all__ = ["described", "is_table", "part", "printed"]
