"""Runs in the peers' environment, in a folder with Pywikibot's settings: saves pages in a loop.

python save_with_pywikibot.py TEXTS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pywikibot  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    """Log in and save every page."""
    site = pywikibot.Site()
    site.login()
    for title, text in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")).items():
        page = pywikibot.Page(site, title)
        page.text = text
        page.save(summary="benchmark", minor=False, bot=True, quiet=True)


if __name__ == "__main__":
    main()
