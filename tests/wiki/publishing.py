"""Put everything that was rendered on a wiki that is thrown away: quickly, by MediaWiki's own import of a dump.

Deploying has tests of its own; here only what stands on the wiki in the end counts.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.render.page import Page, Rendered
from pipeline.wiki import LocalWiki
from pipeline.wiki.php import run_script
from pipeline.wiki.tools import MEDIAWIKI

DUMP = """\
<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
{pages}
</mediawiki>
"""
PAGE = """\
<page><title>{title}</title><revision><timestamp>2026-01-01T00:00:00Z</timestamp>
<contributor><username>Test</username></contributor><model>{model}</model>
<text xml:space="preserve">{text}</text></revision></page>"""


def publish(wiki: LocalWiki, rendered: Rendered) -> None:
    """Save the files, then every page."""
    settings = wiki.folder / "LocalSettings.php"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in rendered.files:
            (folder / file.title.removeprefix("File:")).write_bytes(file.content)
        if rendered.files:
            run_script(settings, MEDIAWIKI / "maintenance" / "importImages.php", "--extensions=png", str(folder))
    # Gadgets are remembered until their definition is saved, which an import is not.
    saved = [page for page in rendered.pages if page.title == "MediaWiki:Gadgets-definition"]
    dump = DUMP.format(pages="\n".join(_page(page) for page in rendered.pages if page not in saved))
    options = ("--no-updates", "--username-prefix=x")
    run_script(settings, MEDIAWIKI / "maintenance" / "importDump.php", *options, stdin=dump)
    for page in saved:
        run_script(settings, MEDIAWIKI / "maintenance" / "edit.php", page.title, stdin=page.text)


def _page(page: Page) -> str:
    return PAGE.format(title=escape(page.title), model=_model(page.title), text=escape(page.text))


def _model(title: str) -> str:
    namespace = title.partition(":")[0]
    if namespace == "Module" and not title.endswith("/doc"):
        return "Scribunto"
    if namespace == "MediaWiki" and title.endswith((".css", ".js")):
        return "css" if title.endswith(".css") else "javascript"
    return "wikitext"
