"""From a saved file to the pixel: how long the live preview takes, on every topic, beside building and loading again.

.venv/bin/python bench/live.py                      all topics, 5 edits of prose and 2 of the last cell each
.venv/bin/python bench/live.py --topics 3 --edits 10

A copy of the project is previewed by `marovi preview` and looked at in Chromium. An edit adds a word to a paragraph of
the English source, or a line to its last cell that is shown. Its time begins when the file is saved and ends with
the first frame that shows the word, by the clock that this process and the browser share. Of an edit of a cell, what
counts is its time without the seconds that it and the cells below it took. Beside it, in the same run, a few edits of
prose are shown the plain way: `marovi build`, then loading the page again.

Prints the median and the 95th percentile, and how many times as long the plain way takes. Exits with 1 when a median is
above its goal.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PROSE_GOAL, CELL_GOAL = 0.150, 0.300  # seconds; of a cell above its own time
PLAIN = 3  # edits that are shown the plain way
QUIET = 1.6  # seconds between two edits, as somebody who writes would leave
LONGEST = 120.0  # seconds to wait for an edit
CELL = re.compile(r"^```\{code-cell\}.*?\n(?=```$)", re.MULTILINE | re.DOTALL)
HIDDEN = ":code: hide"
# Ends with the frame in which the word came.
NOTE = """() => { window.seen = {}; new MutationObserver((records) => {
    const came = records.flatMap((one) => [...one.addedNodes]).map((node) => node.textContent).join(' ');
    const words = came.match(/mark\\d+x/g);
    if (words) requestAnimationFrame(() => { const {port1, port2} = new MessageChannel();
        port1.onmessage = () => { for (const word of words) window.seen[word] ??= Date.now(); };
        port2.postMessage(0); }); }).observe(document.querySelector('main'), {childList: true, subtree: true}); }"""


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="marovi-live-") as folder, sync_playwright() as playwright:
        root = _copy(Path(folder) / "project")
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        if path is None:
            sys.exit("Chromium is needed; on Debian or Ubuntu run, as root: apt-get install chromium")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        slugs = sorted(path.parent.name for path in (root / "articles").glob("*/en.md"))[: options.topics]
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        _marovi(root, "build")
        with _preview(root) as address:
            _settled(page, address)
            prose, cells = _measured(page, address, root, slugs, options)
        plain = _plain(page, root, slugs[0])
        browser.close()
    _print("prose", prose, PROSE_GOAL)
    _print("last cell, above the time of the cells", cells, CELL_GOAL)
    print(f"prose by `marovi build` and loading again: {statistics.median(plain) * 1000:.0f} ms,")
    print(f"{statistics.median(plain) / statistics.median(prose):.1f} times as long as the live preview")
    too_slow = statistics.median(prose) > PROSE_GOAL or (cells and statistics.median(cells) > CELL_GOAL)
    return 1 if too_slow else 0


def _measured(
    page: Any, address: str, root: Path, slugs: Sequence[str], options: argparse.Namespace
) -> tuple[list[float], list[float]]:
    prose: list[float] = []
    cells: list[float] = []
    for slug in slugs:
        source = root / "articles" / slug / "en.md"
        text = source.read_text(encoding="utf-8")
        page.goto(f"{address}en/{slug}/")
        page.locator(".live-bar[data-state]").wait_for()
        page.evaluate(NOTE)
        here: list[float] = []
        for number in range(options.edits):
            word = f"mark{number}x"
            here.append(_until_seen(page, source, _with_word(text, word), word))
            time.sleep(QUIET)
        prose += here
        own: list[float] = []
        for number in range(options.cells):
            word = f"mark{900 + number}x"
            changed = _with_print(text, word)
            if changed is None:
                break
            took = _until_seen(page, source, changed, word)
            own.append(took - _seconds_of_cells(page, address, slug, text))
            _settled(page, address, slug)
        # the first run of a topic has no process to go on from: it makes those that the next ones go on from
        cells += own[1:]
        source.write_text(text, encoding="utf-8")
        time.sleep(QUIET)
        shown = ", ".join(f"{one * 1000:.0f}" for one in here)
        print(f"{slug:32} prose {shown} ms; cell {', '.join(f'{one * 1000:.0f}' for one in own)} ms", flush=True)
    return prose, cells


def _plain(page: Any, root: Path, slug: str) -> list[float]:
    """The same edits shown by a build and by loading the page that it wrote."""
    source = root / "articles" / slug / "en.md"
    text = source.read_text(encoding="utf-8")
    site = (root / "build" / "site" / "en" / slug / "index.html").as_uri()
    found = []
    for number in range(PLAIN):
        began = time.time()
        source.write_text(_with_word(text, f"mark{number}x"), encoding="utf-8")
        _marovi(root, "build")
        page.goto(site)
        assert f"mark{number}x" in page.locator("main").inner_text()
        found.append(time.time() - began)
    source.write_text(text, encoding="utf-8")
    return found


def _with_word(text: str, word: str) -> str:
    """The source with a word more at the end of its first paragraph."""
    head = text.index("\n---\n", 4) + len("\n---\n")
    end = text.index("\n\n", head)
    return f"{text[:end]} {word}{text[end:]}"


def _with_print(text: str, word: str) -> str | None:
    """The source with a line more in its last cell whose output is shown.

    The word stands in what the cell prints, not in its code, which is on the screen before it runs.
    """
    cells = [match for match in CELL.finditer(text) if HIDDEN not in match[0]]
    if not cells:
        return None
    place = cells[-1].end()
    return f'{text[:place]}print("{word[:4]}" "{word[4:]}-{os.getpid()}")\n{text[place:]}'


def _until_seen(page: Any, source: Path, text: str, word: str) -> float:
    """Save a file and return the seconds until its word is on the screen."""
    began = time.time()
    source.write_text(text, encoding="utf-8")
    while time.time() < began + LONGEST:
        seen = page.evaluate("word => window.seen[word] ?? null", word)
        if seen is not None:
            return float(seen) / 1000 - began
        time.sleep(0.02)
    sys.exit(f"{word} in {source} did not come within {LONGEST:.0f} s")


def _seconds_of_cells(page: Any, address: str, slug: str, text: str) -> float:
    """What the preview says that the cell which was edited took, with those below it, which run again as well."""
    cells = list(CELL.finditer(text))
    edited = max(number for number, match in enumerate(cells) if HIDDEN not in match[0])
    total = 0.0
    for match in cells[edited:]:
        label = re.search(r":label: *(\S+)", match[0])
        shown = page.request.get(f"{address}_live/origin/{slug}/cell/{label[1]}?in=en").text() if label else ""
        found = re.search(r'data-seconds="([0-9.]+)"', shown)
        assert found, f"the preview does not say how long cell {label and label[1]} of {slug} took"
        total += float(found[1])
    return total


def _settled(page: Any, address: str, slug: str = "") -> None:
    """Wait until no cell runs or waits to run."""
    end = time.time() + 600
    while time.time() < end:
        states = page.request.get(f"{address}_live/states.json").json()["topics"]
        if all(one["state"] not in ("running", "stale") and not one["running"] for one in states):
            return
        time.sleep(0.3)
    sys.exit("the cells do not come to an end")


def _copy(root: Path) -> Path:
    shutil.copytree(ROOT / "articles", root / "articles")
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copy(ROOT / "pyproject.toml", root)
    if (ROOT / ".marovi" / "cache").is_dir():  # what ran here already need not run there
        shutil.copytree(ROOT / ".marovi" / "cache", root / ".marovi" / "cache")
    return root


@contextmanager
def _preview(root: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(root), "preview", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            yield said.split()[2]
        finally:
            process.terminate()
            process.wait()
    _marovi(root, "stop")


def _marovi(root: Path, *words: str) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "--root", str(root), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def _print(name: str, found: Sequence[float], goal: float) -> None:
    if not found:
        return
    ordered = sorted(found)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    median = statistics.median(found)
    print(
        f"{name}: median {median * 1000:.0f} ms, 95th percentile {late * 1000:.0f} ms, "
        f"{len(found)} edits (goal {goal * 1000:.0f} ms)"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topics", type=int, default=1000, help="how many topics (default: all)")
    parser.add_argument("--edits", type=int, default=5, help="edits of prose of each topic (default: 5)")
    parser.add_argument("--cells", type=int, default=2, help="edits of the last cell of each topic (default: 2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
