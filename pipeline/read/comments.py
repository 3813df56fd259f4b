"""Comments in prose: a line that starts with `% ` where a block could start is for those who write, not for readers.

A paragraph that goes on with such a line keeps it: a percent sign at a line's start is no comment there.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock


def comment_plugin(parser: MarkdownIt) -> None:
    """Teach a parser to pass over comments."""
    parser.block.ruler.before("fence", "comment", _comment)


def is_comment(line: str) -> bool:
    """Whether a line is one, where a block could start."""
    bare = line.strip()
    return bare == "%" or bare.startswith("% ")


def _comment(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    if state.is_code_block(line):
        return False
    if not is_comment(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]):
        return False
    if not silent:
        state.line = line + 1
    return True
