"""Code that is shown, cells that ran, and what they printed."""

from __future__ import annotations

import re

from pipeline.read.document import Cell, CodeBlock
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import escape, is_mark, printable, reference


def code_block(node: CodeBlock) -> str:
    return _highlighted(node.text, node.language)


def cell(node: Cell, writer: Writer) -> str:
    """The code as its author wants it shown, then what it printed, then the value of its last expression."""
    parts = []
    if node.code == "show":
        parts.append(_highlighted(node.source, "python"))
    elif node.code == "fold":
        parts.append(_folded(_highlighted(node.source, "python"), writer))
    for text, kind in ((_lines(node.output), "output"), (_lines(node.value), "value")):
        if text:
            parts.append(preformatted(text, f"marovi-{kind}"))
    return "\n".join(parts)


def _highlighted(source: str, language: str) -> str:
    text = _lines(source)
    if re.search(r"</syntaxhighlight", text, re.IGNORECASE):
        return preformatted(text)  # nothing can be written inside the tag that would show its own end
    return f'<syntaxhighlight lang="{_lexer(language)}">\n{text}\n</syntaxhighlight>'


def _folded(code: str, writer: Writer) -> str:
    head = f'<div class="marovi-code-head">{escape(writer.words["code"])}</div>'
    content = f'<div class="mw-collapsible-content">\n{code}\n</div>'
    return f'<div class="marovi-code mw-collapsible mw-collapsed">\n{head}\n{content}\n</div>'


def preformatted(text: str, style: str = "") -> str:
    """`<pre>` in which nothing means anything but character references."""
    text = re.sub(r"&(?=[#\w])", "&amp;", text).replace("<", "&lt;")
    text = re.sub(r"(?<=-)\{|\}(?=-)", lambda match: reference(match[0]), text)
    text = reference(text[0]) + text[1:] if is_mark(text) else text
    attribute = f' class="{style}"' if style else ""
    return f"<pre{attribute}>{text}</pre>"


def _lines(text: str) -> str:
    """Without carriage returns, trailing empty lines, and leading empty lines, which highlighting would drop."""
    text = re.sub(r"\r\n?", "\n", text)
    return re.sub(r"\A(?:[ \t]*\n)+", "", printable(text).rstrip(" \t\n"))


def _lexer(language: str) -> str:
    """A language that the wiki's highlighter knows, `text` for others."""
    name = language.lower().strip()
    if name in ("python", "text"):
        return name
    if not re.fullmatch(r"[\w+#.-]+", name):
        return "text"
    from pygments.lexers import find_lexer_class_by_name  # slow to import, and seldom needed
    from pygments.util import ClassNotFound

    try:
        find_lexer_class_by_name(name)
    except ClassNotFound:
        return "text"
    return name
