"""Runs in the peers' environment: execute notebooks with nbclient or papermill, a kernel for each.

python run_notebooks.py nbclient 1 IN OUT [SLUG …]     one after another
python run_notebooks.py nbclient 2 IN OUT [SLUG …]     two at a time
python run_notebooks.py papermill 1 IN OUT [SLUG …]
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path


async def with_nbclient(paths: list[Path], out: Path, at_once: int) -> None:
    """Execute notebooks in this process, `at_once` kernels at a time."""
    import nbformat  # type: ignore[import-not-found,unused-ignore]
    from nbclient import NotebookClient  # type: ignore[import-not-found,unused-ignore]

    gate = asyncio.Semaphore(at_once)

    async def execute(path: Path) -> None:
        async with gate:
            notebook = nbformat.read(path, as_version=4)
            await NotebookClient(notebook, kernel_name="python3", timeout=600).async_execute()
            nbformat.write(notebook, out / path.name)

    await asyncio.gather(*map(execute, paths))


def with_papermill(paths: list[Path], out: Path) -> None:
    """Execute notebooks in this process, one after another."""
    import papermill  # type: ignore[import-not-found,unused-ignore]

    for path in paths:
        papermill.execute_notebook(path, out / path.name, progress_bar=False, kernel_name="python3")


def main() -> None:
    """Execute what the command line names."""
    tool, at_once, source, target, *slugs = sys.argv[1:]
    logging.disable(logging.WARNING)
    out = Path(target)
    out.mkdir(exist_ok=True)
    paths = [path for path in sorted(Path(source).glob("*.ipynb")) if not slugs or path.stem in slugs]
    if tool == "papermill":
        with_papermill(paths, out)
    else:
        asyncio.run(with_nbclient(paths, out, int(at_once)))


if __name__ == "__main__":
    main()
