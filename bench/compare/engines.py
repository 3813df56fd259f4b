"""The ways to execute topics that are compared: each writes what it reads, forgets what it knew, and runs."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.compare.clock import seconds_of
from bench.compare.peers import Peers
from bench.compare.topics import Topic, myst_nb, notebook
from pipeline.run.keeper import stop_kept
from pipeline.waiting.channel import FOLDER, connected
from pipeline.waiting.starting import stop_waiting

HERE = Path(__file__).parent
PATIENCE = 10.0  # seconds until a process waits
PRINTED = re.compile(r"^([A-Za-z][\w-]*) = (\S+)$", re.MULTILINE)


class Engine(ABC):
    """One row of the table, with a folder of its own."""

    quick = False  # takes seconds when cold, so that it may be repeated often
    caches = False  # knows by itself what is left to do after an edit
    whole = False  # has to run everything, whatever was edited

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        folder.mkdir(parents=True)

    @abstractmethod
    def write(self, topics: Sequence[Topic]) -> None:
        """Write these topics in the form that this way reads; not timed."""

    @abstractmethod
    def forget(self) -> None:
        """Lose everything that an earlier run left."""

    def end(self) -> None:  # noqa: B027 — most leave nothing
        """End what a run left running."""

    @abstractmethod
    def run(self, changed: Sequence[str] = ()) -> float:
        """Seconds of a run: of everything, or of these slugs alone where nothing is cached."""

    @abstractmethod
    def said(self, topic: Topic) -> str:
        """What the last run's output says of a topic, as text."""

    def holds(self, topic: Topic, name: str, value: float) -> bool:
        """Say whether the last run's output has this value, in nine digits."""
        return _printed(self.said(topic), name, value)


class Marovi(Engine):
    """The project's own command line on a copy of the project."""

    quick = True
    caches = True

    def __init__(
        self, name: str, folder: Path, project: Path, options: Sequence[str] = (), english: bool = False
    ) -> None:
        super().__init__(name, folder)
        self._options = options
        shutil.copytree(project, folder, dirs_exist_ok=True)
        if english:
            _leave_english(folder)
        # The pages name the last commit of each topic.
        identity = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@localhost")
        for words in (("init", "--quiet"), ("add", "."), (*identity, "commit", "--quiet", "--message", "Start")):
            seconds_of(["git", *words], folder)

    def write(self, topics: Sequence[Topic]) -> None:
        for topic in topics:
            (self.folder / "articles" / topic.slug / "en.md").write_text(topic.text, encoding="utf-8")

    def forget(self) -> None:
        self.end()
        for name in (".marovi", "build"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def run(self, changed: Sequence[str] = ()) -> float:
        seconds = seconds_of([marovi(), "build", *self._options], self.folder, own_environment())
        if "--keep" in self._options:
            self._settle()
        return seconds

    def _settle(self) -> None:
        """Give the process that waits for the next build the time that an author takes to make an edit."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            connection = connected(str(self.folder / FOLDER))
            if connection is not None:
                connection.close()
                return
            time.sleep(0.05)

    def end(self) -> None:
        stop_waiting(self.folder)
        stop_kept(self.folder / ".marovi" / "keep")

    def said(self, topic: Topic) -> str:
        build = self.folder / "build"
        pages = json.loads((build / "manifest.json").read_text(encoding="utf-8"))["pages"]
        path: str = next(page["path"] for page in pages if page["title"] == topic.title)
        return (build / path).read_text(encoding="utf-8")

    def holds(self, topic: Topic, name: str, value: float) -> bool:
        # A page has no names of values; of those it prints in nine digits each has its own.
        text = self.said(topic).replace("\N{MINUS SIGN}", "-")
        return bool(re.search(rf"(?<![\d.]){re.escape(f'{value:.9g}')}(?![\d.])", text))


class Bare(Engine):
    """The floor: the same code in one process."""

    quick = True
    whole = True

    def __init__(self, name: str, folder: Path, peers: Peers, labels_of: Path | None = None) -> None:
        super().__init__(name, folder)
        self._peers = peers
        self._labels: tuple[str, ...] = ()
        if labels_of is not None:
            path = folder / "labels.json"
            path.write_text(json.dumps(_labels(labels_of)))
            self._labels = (str(path),)
        (folder / "in").mkdir()

    def write(self, topics: Sequence[Topic]) -> None:
        _write_notebooks(topics, self.folder / "in")

    def forget(self) -> None:
        """There is nothing that it keeps."""

    def run(self, changed: Sequence[str] = ()) -> float:
        code = f"exec {sys.executable} {HERE / 'bare.py'} in {' '.join(self._labels)} > said"
        return seconds_of(["sh", "-c", code], self.folder, self._peers.environment)

    def said(self, topic: Topic) -> str:
        return (self.folder / "said").read_text().split(f"topic {topic.slug}\n", 1)[1].split("\ntopic ", 1)[0]


class Notebooks(Engine):
    """nbclient or papermill on a notebook a topic."""

    def __init__(self, name: str, folder: Path, peers: Peers, tool: str, at_once: int = 1) -> None:
        super().__init__(name, folder)
        self._peers, self._tool, self._at_once = peers, tool, at_once
        (folder / "in").mkdir()

    def write(self, topics: Sequence[Topic]) -> None:
        _write_notebooks(topics, self.folder / "in")

    def forget(self) -> None:
        shutil.rmtree(self.folder / "out", ignore_errors=True)

    def run(self, changed: Sequence[str] = ()) -> float:
        command = [self._peers.python, str(HERE / "run_notebooks.py"), self._tool, str(self._at_once), "in", "out"]
        return seconds_of([*command, *changed], self.folder, self._peers.environment)

    def said(self, topic: Topic) -> str:
        cells = json.loads((self.folder / "out" / f"{topic.slug}.ipynb").read_text())["cells"]
        streams = [output.get("text", "") for cell in cells for output in cell["outputs"]]
        return "".join("".join(text) for text in streams)


class MystNb(Engine):
    """A Sphinx build with MyST-NB and jupyter-cache."""

    caches = True
    CONFIGURATION = """\
project = "Topics"
extensions = ["myst_nb"]
nb_execution_mode = "cache"
nb_execution_timeout = 600
nb_execution_raise_on_error = True
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
suppress_warnings = ["myst", "mystnb", "ref"]
exclude_patterns = ["_build"]
"""

    def __init__(self, name: str, folder: Path, peers: Peers, slugs: Sequence[str]) -> None:
        super().__init__(name, folder)
        self._peers = peers
        (folder / "conf.py").write_text(self.CONFIGURATION)
        (folder / "index.md").write_text("# Topics\n\n```{toctree}\n" + "\n".join(slugs) + "\n```\n")

    def write(self, topics: Sequence[Topic]) -> None:
        for topic in topics:
            (self.folder / f"{topic.slug}.md").write_text(myst_nb(topic), encoding="utf-8")

    def forget(self) -> None:
        shutil.rmtree(self.folder / "_build", ignore_errors=True)

    def run(self, changed: Sequence[str] = ()) -> float:
        command = [self._peers.python, "-m", "sphinx", "-q", "-b", "html", ".", "_build/html"]
        return seconds_of(command, self.folder, self._peers.environment)

    def said(self, topic: Topic) -> str:
        page = (self.folder / "_build" / "html" / f"{topic.slug}.html").read_text(encoding="utf-8")
        return html.unescape(re.sub(r"<[^>]*>", "", page))


def marovi() -> str:
    """The project's command, of this environment."""
    return str(Path(sys.executable).with_name("marovi"))


def own_environment() -> dict[str, str]:
    """The environment without what would lead our command to a wiki."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAROVI_")}


def _leave_english(root: Path) -> None:
    settings = root / "pyproject.toml"
    settings.write_text(re.sub(r"^languages = .*$", 'languages = ["en"]', settings.read_text(), flags=re.MULTILINE))
    for path in (root / "articles").glob("**/*.md"):
        if path.name != "en.md":
            path.unlink()


def _labels(articles: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Topic -> language -> what the figures' texts are in it."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(articles.glob("*/*.md")):
        head = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
        found.setdefault(path.parent.name, {})[path.stem] = head.get("labels", {})
    return found


def _write_notebooks(topics: Sequence[Topic], folder: Path) -> None:
    for topic in topics:
        (folder / f"{topic.slug}.ipynb").write_text(notebook(topic), encoding="utf-8")


def _printed(text: str, name: str, value: float) -> bool:
    """Say whether `name = value` was printed with this value in nine digits."""
    for found in PRINTED.finditer(text):
        try:
            if found[1] == name and f"{float(found[2]):.9g}" == f"{value:.9g}":
                return True
        except ValueError:
            continue
    return False
