#!/usr/bin/python3 -I
"""What `pygmentize` makes of a block of code, in half its time: the wiki starts it once for each block.

A program of its own, copied into the wiki's folder, for the Python that Debian's Pygments belongs to.
"""

import os
import sys

PYGMENTIZE = "/usr/bin/pygmentize"
OPTIONS = "cssclass=mw-highlight,encoding=utf-8"  # of a block without line numbers or marked lines


def main() -> None:
    """Answer what the wiki asks for each block here; whatever else is asked, Pygments' own program answers."""
    match sys.argv[1:]:
        case ["-l", language, "-f", "html", "-O", options, file] if options == OPTIONS:
            # That program imports its parser of options, each plugin's description and every formatter.
            from pygments import highlight
            from pygments.formatters.html import HtmlFormatter
            from pygments.lexers import get_lexer_by_name
            from pygments.util import ClassNotFound

            try:
                lexer = get_lexer_by_name(language, encoding="utf-8")
            except ClassNotFound:
                pass
            else:
                formatter = HtmlFormatter(cssclass="mw-highlight")
                with os.fdopen(os.open(file, os.O_RDONLY), "rb") as code:  # importing pathlib would take longer
                    sys.stdout.buffer.write(highlight(code.read().decode(), lexer, formatter).encode())
                return
    os.execv(PYGMENTIZE, [PYGMENTIZE, *sys.argv[1:]])


if __name__ == "__main__":
    main()
