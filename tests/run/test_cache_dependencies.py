"""A result is reused if, and only if, everything that it depends on is the same.

One topic is run for real, in a copy of the code. Then anything is changed, what it depends on and what it does not,
and the cache is asked: it must not have the result exactly when one of the changes matters. What matters is told here
by the cells themselves (which modules they had loaded) and by the topic's text, not by what the cache recorded.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.article import Article
from pipeline.run import RunSettings, cache, launch, surroundings
from tests.run.topics import article

pytestmark = pytest.mark.slow  # one server that imports torch, then thousands of questions

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "es")
LABELS = {"es": {"steps": "pasos"}}

DRIVER = """
import sys
from pathlib import Path
root = Path(sys.argv[1])
sys.path.insert(0, str(root))
from pipeline.run import run
from tests.run.test_cache_dependencies import run_settings, topic
report = run([topic(root)], run_settings(root))
assert report.problems == (), report.problems
results = report.results["topic"]
print(results.cached, results.outputs["c2"].value)
"""


def topic(root: Path, **changes: object) -> Article:
    """Cells that use one reference method, read a file, look for two that are missing, list a folder, draw."""
    data = root / "articles" / "topic"
    cells = (
        f"""
        from pathlib import Path
        from runtime.methods import softmax
        folder = Path({str(data)!r})
        rows = (folder / "data.csv").read_text().split(",")
        glue("p", softmax([float(row) for row in rows])[0])
        glue("extra", (folder / "extra.csv").exists())
        try:
            glue("more", (folder / "more.csv").read_text())
        except FileNotFoundError:
            glue("more", "")
        glue("names", sorted(path.name for path in (folder / "parts").iterdir()))
        try:
            import nosuchlibrary
        except ImportError:
            pass
        fig, ax = runtime.subplots()
        ax.plot([1, 2])
        ax.set_xlabel("steps")
        figure("curve", fig)
        """,
        "import sys\nsorted(name for name in sys.modules if name.split('.')[0] == 'runtime')",
    )
    return article(data, *cells, **{"labels": LABELS, "figures": ["curve"], "prints": ["p:.2f"], **changes})  # type: ignore[arg-type]


def run_settings(root: Path) -> RunSettings:
    return RunSettings(root / "cache", LANGUAGES, reproduce=False, root=root, time_limit=120)


@dataclass(frozen=True)
class World:
    """A copy of the code with a topic that was run, and what its cells had loaded."""

    root: Path
    loaded: frozenset[Path]

    def run(self) -> bool:
        """Run the topic as it stands; True when nothing had to be computed."""
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, str(self.root)], cwd=self.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.startswith("True")

    def has(self, article: Article, settings: RunSettings) -> bool:
        """Ask the cache whether it has the results, as a build would."""
        key = cache.key_of(article, LANGUAGES, cache.foundation(settings, self.root))
        return cache.load(settings.cache, key, cache.present(settings, self.root)) is not None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    root = tmp_path_factory.mktemp("world").resolve()
    for package in ("pipeline", "runtime", "tests/run"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__", "escapes"))
    (root / "tests" / "__init__.py").write_text("")
    data = root / "articles" / "topic"
    (data / "parts").mkdir(parents=True)
    (data / "data.csv").write_text("1,2,3")
    (data / "parts" / "one").write_text("")
    (data / "other.csv").write_text("4")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(root)], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("False "), "it was computed"
    names = json.loads(done.stdout.split(" ", 1)[1].replace("'", '"'))
    paths = [root.joinpath(*name.split(".")) for name in names]
    return World(root, frozenset(path / "__init__.py" if path.is_dir() else path.with_suffix(".py") for path in paths))


Change = Callable[[World, ExitStack, Article, RunSettings], tuple[Article, RunSettings]]


@contextmanager
def content(path: Path, new: bytes | None) -> Iterator[None]:
    """Give a file another content for a while, or none; its folders are made and removed as well."""
    before = path.read_bytes() if path.is_file() else None
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    if new is None:
        path.unlink()
    else:
        path.write_bytes(new)
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        for folder in made:
            folder.rmdir()


@contextmanager
def library(root: Path, *paths: str) -> Iterator[None]:
    """Have other libraries installed, in a folder that Python imports from first."""
    site = root / "elsewhere" / "site-packages"
    with ExitStack() as stack:
        for path in paths:
            stack.enter_context(content(site / path / "METADATA", b""))
        sys.path.insert(0, str(site))
        stack.callback(sys.path.remove, str(site))
        yield


@contextmanager
def attribute(module: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, value)
        yield


def file(name: str, new: bytes | None) -> Change:
    def change(world: World, stack: ExitStack, article: Article, settings: RunSettings) -> tuple[Article, RunSettings]:
        stack.enter_context(content(world.root / name, new))
        return article, settings

    return change


def installed(*paths: str) -> Change:
    def change(world: World, stack: ExitStack, article: Article, settings: RunSettings) -> tuple[Article, RunSettings]:
        stack.enter_context(library(world.root, *paths))
        return article, settings

    return change


def patched(name: str, value: object) -> Change:
    def change(world: World, stack: ExitStack, article: Article, settings: RunSettings) -> tuple[Article, RunSettings]:
        stack.enter_context(attribute(surroundings, name, value))
        return article, settings

    return change


def variable(name: str, value: str) -> Change:
    def change(world: World, stack: ExitStack, article: Article, settings: RunSettings) -> tuple[Article, RunSettings]:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv(name, value)
        return article, settings

    return change


def told(**changes: object) -> Change:
    return lambda world, stack, article, settings: (article, replace(settings, **changes))  # type: ignore[arg-type]


def written(**changes: object) -> Change:
    return lambda world, stack, article, settings: (topic(world.root, **changes), settings)


def other_cell(label: bool) -> Change:
    def change(world: World, stack: ExitStack, article: Article, settings: RunSettings) -> tuple[Article, RunSettings]:
        *blocks, last, prose = article.source.document.blocks
        last = replace(last, **({"label": "other"} if label else {"source": "0"}))  # type: ignore[arg-type]
        document = replace(article.source.document, blocks=(*blocks, last, prose))
        source = replace(article.source, document=document)
        return replace(article, source=source, versions={**article.versions, "en": source}), settings

    return change


def given_environment(more: dict[str, str]) -> Change:
    real = launch.environment
    return patched("environment", lambda *args, **options: {**real(*args, **options), **more})


MATTER: dict[str, Change] = {
    "a cell's code": other_cell(label=False),
    "a cell's label": other_cell(label=True),
    "a label that is drawn": written(labels={"es": {"steps": "pasitos"}}),
    "a file that is read": file("articles/topic/data.csv", b"1,2,4"),
    "a file that is read, of the same size": file("articles/topic/data.csv", b"3,2,1"),
    "a file that is read goes": file("articles/topic/data.csv", None),
    "a file that was asked for": file("articles/topic/extra.csv", b""),
    "a file that was missing": file("articles/topic/more.csv", b""),
    "a name in a folder that is listed": file("articles/topic/parts/two", b""),
    "the font": file("runtime/fonts/MaroviSansSC-Regular.otf", b"another font"),
    "a package in place of a module": file("runtime/verify/__init__.py", b""),
    "Python": patched("platform", type("P", (), {**vars(platform), "python_version": lambda: "3.99.1"})),
    "the processor": patched("processor", lambda: "another one"),
    "the C library": patched("_c_library", lambda: "glibc 9"),
    "the device": told(device="cuda"),
    "torch": installed("torch-99.0.dist-info"),
    "NumPy": installed("numpy-99.0.dist-info"),
    "the build of NumPy": installed("numpy-2.4.6.dist-info"),  # without the wheel's tags
    "what reads fonts": installed("pillow-99.0.dist-info"),
    "a library that was missing": installed("nosuchlibrary"),
    "a variable that cells get": given_environment({"OMP_WAIT_POLICY": "ACTIVE"}),
    "a new variable that cells get": given_environment({"NEW": "1"}),
    "how cells are run": file("pipeline/run/cells.py", b"# nothing"),
    "what a worker gives up": file("pipeline/run/confine.py", b"# nothing"),
    "what puts results together": file("pipeline/run/job.py", b"# nothing"),
}

DO_NOT_MATTER: dict[str, Change] = {
    "prose": written(prints=["p:.5f", "p:.1%"]),
    "where cells stand": written(first_line=300),
    "limits": told(time_limit=1.0, memory_limit=1, output_limit=1, workers=9),
    "where the cache is shared, and its limit": told(shared_cache="/elsewhere", cache_limit=1),
    "a file beside": file("articles/topic/other.csv", b"5"),
    "a file beside goes": file("articles/topic/other.csv", None),
    "a new file beside": file("articles/topic/new.csv", b""),
    "the content of a file that is only listed": file("articles/topic/parts/one", b"1"),
    "another topic": file("articles/other/en.md", b""),
    "the licence of the font": file("runtime/fonts/OFL.txt", b""),
    "a new module": file("runtime/new.py", b""),
    "a library that is not used": installed("ruff-99.0.dist-info", "hypothesis-99.0.dist-info"),
    "a new library": installed("brandnew-1.0.dist-info", "brandnew"),
    "a variable that cells do not get": variable("MAROVI_WIKI_PASSWORD", "secret"),
    "which GPU, where none is used": variable("CUDA_VISIBLE_DEVICES", "1"),
    "where programs are": variable("PATH", "/bin"),
    "how pages are rendered": file("pipeline/render/page.py", b"# nothing"),
    "how topics are scheduled": file("pipeline/run/schedule.py", b"# nothing"),
    "how the cache is kept": file("pipeline/run/eviction.py", b"# nothing"),
}

NAMES = st.sets(st.sampled_from([*MATTER, *DO_NOT_MATTER]), min_size=1, max_size=4)


def asked(world: World, *changes: Change) -> bool:
    article, settings = topic(world.root), run_settings(world.root)
    with ExitStack() as stack:
        for change in changes:
            article, settings = change(world, stack, article, settings)
        return world.has(article, settings)


@pytest.mark.parametrize("name", MATTER)
def test_what_matters_is_computed_again(name: str, world: World) -> None:
    assert not asked(world, MATTER[name])
    assert asked(world), "and back again, nothing is"


@pytest.mark.parametrize("name", DO_NOT_MATTER)
def test_what_does_not_matter_is_not(name: str, world: World) -> None:
    assert asked(world, DO_NOT_MATTER[name])


@settings(deadline=None, max_examples=100)
@given(names=NAMES)
def test_any_changes_together_matter_exactly_when_one_of_them_does(names: set[str], world: World) -> None:
    changes = {**DO_NOT_MATTER, **MATTER}
    # what matters comes last: other texts of the topic start from the one that was run
    order = sorted(names, key=lambda name: (name in MATTER, name))
    assert asked(world, *(changes[name] for name in order)) == (not names & set(MATTER))


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_a_module_matters_exactly_when_the_cells_had_it(data: st.DataObject, world: World) -> None:
    files = sorted(path for path in (world.root / "runtime").rglob("*.py"))
    assert len(world.loaded) >= 8 and len(files) > 2 * len(world.loaded)
    path = data.draw(st.sampled_from(files))
    place = data.draw(st.integers(0, path.stat().st_size))
    before = path.read_bytes()
    change = file(str(path.relative_to(world.root)), before[:place] + b" " + before[place:])
    assert asked(world, change) == (path not in world.loaded)


def test_what_changed_is_really_run_again_and_what_is_back_is_not(world: World) -> None:
    module = world.root / "runtime" / "methods" / "softmax.py"
    assert world.run()
    with content(world.root / "runtime" / "methods" / "attention.py", b"raise RuntimeError\n"):
        assert world.run()
    with content(module, module.read_bytes() + b"\n_ANOTHER = 1\n"):
        assert not world.run()
        assert world.run()
    assert world.run()
