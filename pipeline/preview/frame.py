"""What the live preview puts around the site's pages: a bar above them, and its own scripts and styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup, escape

from pipeline.errors import Problem
from pipeline.memo import reading
from pipeline.memo.engine import Memo
from pipeline.render.html.addresses import relative
from pipeline.render.html.site import Tongue

Name = tuple[str, str, str, str]  # kind, language, key and part of a page of the site
STYLES = ("live.css",)
SCRIPTS = ("live.js", "live-search.js", "live-origin.js", "live-topics.js", "live-wiki.js")
HEAD, BODY = "<script ", '<header class="masthead">'  # live.js must see the page before site.js changes it


def dressed(memo: Memo, content: bytes, path: str, name: Name, pictures: Mapping[str, str]) -> bytes:
    """A page of the site as the live preview shows it.

    `pictures` has a digest of each picture on it by its place, so that a browser sees when one was drawn anew.
    """
    kind, language, key, part = name
    text = content.decode()
    for place, digest in pictures.items():
        address = escape(relative(place, path))
        text = text.replace(f'src="{address}"', f'src="{address}?v={digest}"')
    formulas = str(escape(relative("assets/formulas.css", path)))
    text = text.replace(f'href="{formulas}"', f'href="/_live/formulas/{quote(path)}"', 1)
    return _with_bar(memo, text, language, path, key if kind == "topic" else "", part)


def framed(
    memo: Memo,
    language: str,
    template: str,
    title: str,
    *,
    tongues: Sequence[Tongue] = (),
    slug: str = "",
    formulas: Sequence[str] = (),
    **parts: object,
) -> bytes:
    """A page of the preview's own, in the site's frame. `slug` says which topic it is about, if it is about one;
    `formulas` are the paths of the pages whose formulas it shows."""
    content = memo.given.site.framed(template, language, title, tongues, **parts)
    return _with_bar(memo, _with_formulas(content.decode(), formulas), language, "", slug, "")


def waiting(memo: Memo, path: str, name: Name, problems: Sequence[Problem]) -> bytes:
    """What stands at the place of a page that cannot be shown yet, with what keeps it."""
    kind, language, key, part = name
    title = key or kind
    if kind == "topic" and language in reading.languages(memo, key, part):
        title = reading.title(memo, key, part, language)
    content = memo.given.site.framed("live-waiting.html.j2", language, title, problems=problems)
    return _with_bar(memo, _with_formulas(content.decode(), ()), language, path, key if kind == "topic" else "", part)


def _with_formulas(text: str, paths: Sequence[str]) -> str:
    """The preview has no style sheet of all formulas: a page takes those of the pages that it shows."""
    link = Markup('<link rel="stylesheet" href="{}">\n')
    sheets = Markup("").join(link.format(f"/_live/formulas/{quote(path)}") for path in paths)
    return text.replace(link.format("/assets/formulas.css"), sheets, 1)


def _with_bar(memo: Memo, text: str, language: str, path: str, slug: str, part: str) -> bytes:
    source, *others = memo.given.config.languages
    bar = memo.given.site.fragment(
        "live-bar.html.j2",
        words=reading.messages(memo)[0][language],
        language=language,
        path=path,
        slug=slug,
        part=part,
        other=source if language != source else next(iter(others), language),
    )
    assets = Markup("").join(
        [Markup('<link rel="stylesheet" href="/assets/{}">\n').format(name) for name in STYLES]
        + [Markup('<script src="/assets/{}" defer></script>\n').format(name) for name in SCRIPTS]
    )
    return text.replace(HEAD, f"{assets}{HEAD}", 1).replace(BODY, f"{bar}{BODY}", 1).encode()
