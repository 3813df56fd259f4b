"""Runs as a process: a plain loop of saves with mwclient.

python save_with_mwclient.py HOST TEXTS.json, with BOT_USER and BOT_PASSWORD in the environment.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import mwclient


def main() -> None:
    """Log in and save every page."""
    host, texts = sys.argv[1:]
    site = mwclient.Site(host, scheme="http", path="/")
    site.connection.trust_env = False  # a proxy that the environment names cannot reach a loopback address
    site.login(os.environ["BOT_USER"], os.environ["BOT_PASSWORD"])
    for title, text in json.loads(Path(texts).read_text(encoding="utf-8")).items():
        site.pages[title].edit(text, summary="benchmark", bot=True)


if __name__ == "__main__":
    main()
