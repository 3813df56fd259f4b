"""HTML that was written for one place in the site, made to stand in another: its links and its ids."""

from __future__ import annotations

import re

from markupsafe import Markup

# In what pipeline/render/html writes, a straight quote is always the border of an attribute: those in text are escaped.
_LINK = re.compile(r' (href|src)="(?![#/]|[a-zA-Z][a-zA-Z0-9+.-]*:)([^"]*)"')
_ID = re.compile(r' (id|aria-controls|aria-describedby|aria-labelledby)="([^"]+)"')
_HERE = re.compile(r' href="#([^"]*)"')


def rooted(html: Markup) -> Markup:
    """Return HTML whose links, written for the site's top folder, lead there from any address of the server."""
    return Markup(_LINK.sub(r' \1="/\2"', str(html)))


def prefixed(html: Markup, prefix: str) -> Markup:
    """Return HTML whose ids, and the links and references to them, begin with `prefix`: so that none stands twice."""
    renamed = _ID.sub(lambda found: f' {found[1]}="{prefix}{found[2]}"', str(html))
    return Markup(_HERE.sub(lambda found: f' href="#{prefix}{found[1]}"', renamed))
