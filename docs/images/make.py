"""Make the README's pictures from the live preview: .venv/bin/python docs/images/make.py, after a build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Take each picture in a window of its size."""
    command = [sys.executable, "-m", "pipeline.cli", "preview", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as preview:
        try:
            assert preview.stdout is not None
            take(preview.stdout.readline().split()[2])
        finally:
            preview.terminate()


def take(address: str) -> None:
    """Take them all from the preview at an address."""
    path = next(filter(None, map(shutil.which, BROWSERS)))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for name, (page_path, width, height, ready) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page.goto(address + page_path, wait_until="load")
            page.locator(".live-bar[data-state=clean]").wait_for(timeout=600_000)
            ready(page)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=Path(__file__).with_name(name))
        browser.close()


def as_it_is(page: Any) -> None:
    """From the top of the page."""


def with_a_number(page: Any) -> None:
    """A number in the text is chosen, and the panel tells where it comes from."""
    number = page.locator("#_text > p > .value[data-value]").first
    number.scroll_into_view_if_needed()
    number.click()
    page.locator(".origin-panel .origin h2").first.wait_for()


def from_a_figure(page: Any) -> None:
    """The first figure at the top."""
    page.evaluate("document.querySelector('.pair:has(figure)').previousElementSibling.scrollIntoView()")


PICTURES: dict[str, tuple[str, int, int, Callable[[Any], None]]] = {
    "softmax-function.png": ("en/softmax-function/", 1200, 900, as_it_is),
    "origin.png": ("en/softmax-function/", 1200, 900, with_a_number),
    "beside.png": ("_live/beside/softmax-function/en/zh", 1200, 900, from_a_figure),
    "topics.png": ("_live/topics", 1200, 900, as_it_is),
}

if __name__ == "__main__":
    main()
