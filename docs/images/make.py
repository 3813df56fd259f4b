"""Make the README's pictures from build/site: run with .venv/bin/python docs/images/make.py after a build."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from pipeline.preview.server import open_server

ROOT = Path(__file__).parents[2]
PICTURES = {"softmax-function.png": ("en/softmax-function/", 1200, 900)}


def main() -> None:
    """Take each picture in a window of its size, from the top of the page."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with open_server(ROOT / "build" / "site", 0) as server, sync_playwright() as playwright:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, (address, width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(server.address + address, wait_until="load")
            page.evaluate("document.fonts.ready")
            page.screenshot(path=Path(__file__).with_name(name))
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
