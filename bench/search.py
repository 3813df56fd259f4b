"""What a search over all pages takes: `python bench/search.py [--runs N]`.

Works in a copy of the project, so that a page can be edited. Prints milliseconds: the median and the 95th percentile of
the runs of each question, from the words to the page that shows the results, then what an edit of one page costs the
next question, and what the first question after a start takes. Values are known as far as the last build left them.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from pipeline.config import load
from pipeline.memo.resident import keys_of, resident
from pipeline.memo.texts import page_texts
from pipeline.preview.live import Live
from pipeline.preview.search import search_json, search_page
from pipeline.run import RunSettings

ROOT = Path(__file__).parents[1]
EDITED = "articles/softmax-function/en.md"
QUESTIONS = [
    ("en", "softmax"),
    ("es", "regresion"),
    ("zh", "梯度下降"),
    ("zh", "学习"),
    ("en", '"learning rate" momentum'),
    ("en", "torch.softmax"),
    ("en", "the"),
    ("es", "de"),
    ("en", "a e i o u"),
    ("en", "nowhere to be found"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        for name in ("articles", "templates"):
            shutil.copytree(ROOT / name, root / name)
        shutil.copy(ROOT / "pyproject.toml", root)
        if (ROOT / ".marovi" / "memo").is_dir():
            shutil.copytree(ROOT / ".marovi" / "memo", root / ".marovi" / "memo")
        config = load(root)
        live = Live(config, RunSettings.of(config))
        with live.asking() as memo:
            begun = time.perf_counter()
            pages = list(page_texts(memo))
            print(f"{len(pages)} pages, {sum(len(page.folded_text) for page in pages):,} signs")
            print(f"{'texts of all pages, first':44} {_since(begun):8.1f} ms")
        print(f"{'':44} {'page':>18}  {'while typing':>18}")
        for language, words in QUESTIONS:
            whole, typed = [], []
            for _ in range(runs):
                begun = time.perf_counter()
                search_page(live, language, words)
                whole.append(_since(begun))
                begun = time.perf_counter()
                search_json(live, language, words)
                typed.append(_since(begun))
            print(f"{words:{44 - sum(ord(sign) > 0x2E80 for sign in words)}} {_spread(whole)}  {_spread(typed)}")
        with live.asking() as memo:
            memo.store.close()
        _after_an_edit(root, runs)
        _after_a_start(root)


def _after_a_start(root: Path) -> None:
    """Start a preview, leave it alone until it has the texts of all pages, and ask the first question."""
    if (ROOT / ".marovi" / "cache").is_dir():  # what ran already need not run here
        shutil.copytree(ROOT / ".marovi" / "cache", root / ".marovi" / "cache")
    live = Live(config := load(root), RunSettings.of(config))
    live.start()
    begun = time.perf_counter()
    assert live.ahead.done.wait(600), "the texts did not come"
    print(f"{'texts of all pages, from a start':44} {_since(begun):8.1f} ms, while nothing else is asked")
    begun = time.perf_counter()
    search_page(live, *QUESTIONS[0])
    print(f"{'first question after that':44} {_since(begun):8.1f} ms")
    live.stop()


def _after_an_edit(root: Path, runs: int) -> None:
    """Change a word of one page again and again, and ask for all texts."""
    memo = resident(load(root), "memo")
    list(page_texts(memo))
    path, times = root / EDITED, []
    text = path.read_text(encoding="utf-8")
    for number in range(runs):
        path.write_text(f"{text}\nEdit {number}.\n", encoding="utf-8")
        begun = time.perf_counter()
        memo.again(keys_of([EDITED]))
        list(page_texts(memo))
        times.append(_since(begun))
    print(f"{'texts after an edit of one page':44} {_spread(times)}")


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _spread(times: list[float]) -> str:
    return f"{statistics.median(times):7.1f} ({statistics.quantiles(times, n=20)[-1]:5.1f}) ms"


if __name__ == "__main__":
    main()
