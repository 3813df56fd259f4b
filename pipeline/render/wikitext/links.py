"""Links: to pages, to headings, and out of the wiki."""

from __future__ import annotations

import re
from urllib.parse import quote

from pipeline.read.document import ExternalLink, PageLink, SectionLink
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import LABEL, printable, reference

IN_FRAGMENT = re.compile(r"[][{}|<>~'_]")
NOT_IN_ADDRESS = re.compile(r"[^!#$%&()*+,\-./0-9:;=?@A-Z_a-z~]")
ENTITY = re.compile(r"&(?=[#\w]+;)")


def page_link(node: PageLink, writer: Writer, reserved: str = "") -> str:
    """`[[Title]]` where the words are the title, else `[[Title#Section|words]]`."""
    words = writer.inline(node.children, reserved + LABEL)
    return link_to(node.title, words, node.section)


def section_link(node: SectionLink, writer: Writer, reserved: str = "") -> str:
    """`[[#Heading|words]]`, or only the words where the page has no such heading."""
    words = writer.inline(node.children, reserved + LABEL)
    anchor = writer.anchors.get(node.section)
    return link_to("", words, anchor) if anchor else words


def external_link(node: ExternalLink, writer: Writer, reserved: str = "") -> str:
    """`[https://… words]`."""
    words = writer.inline(node.children, reserved + LABEL)
    return f"[{address(node.url)} {words}]" if words else ""


def link_to(title: str, words: str, section: str = "") -> str:
    """A link by title with words that are wikitext already; pages that a bare link would use get their colon."""
    target = f":{title}" if title.lower().startswith(("category:", "file:")) else title
    if section:
        target += "#" + fragment(section)
    if not words:
        words = reference(" ")
    bare = not section and words[:1].upper() + words[1:] == target
    return f"[[{words}]]" if bare else f"[[{target}|{words}]]"


def fragment(section: str) -> str:
    """A heading's words as the part behind `#`."""
    words = " ".join(printable(section).split()).replace("&", "&amp;").replace("%", "%25")
    return IN_FRAGMENT.sub(lambda match: reference(match[0]), words)


def address(url: str) -> str:
    """A URL without the characters that would end it in wikitext."""
    kept = NOT_IN_ADDRESS.sub(lambda match: quote(match[0], safe=""), printable(url))
    kept = kept.replace("~~", "%7E%7E").replace("__", "%5F%5F")
    return ENTITY.sub("&amp;", kept)
