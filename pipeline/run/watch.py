"""In the processes that run cells: notice which of our modules are loaded, which files are read, which libraries used.

The import system tells of our own modules with the very bytes that it runs, and Python's audit events (PEP 578) of
every file that Python code opens or lists and of every import, also of those that fail: what is not there may appear.
Files that C code opens by itself raise no event; a library's own are covered by its version.
"""

from __future__ import annotations

import _thread
import contextlib
import functools
import hashlib
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from pipeline.run.files import ABSENT, FILE, FOLDER, MISSED, OURS, presence_of, state_of
from pipeline.run.record import NeedRecord

CODE = os.path.realpath(Path(__file__).parents[2])
_RUNTIME, _PIPELINE = f"{CODE}/runtime/", f"{CODE}/pipeline/"
_MACHINE = ("/proc/", "/sys/", "/dev/")  # what they say is no file's content
_OF_INSTALLERS = ("__editable__", "_distutils_hack", "_virtualenv")  # run when Python starts, say where others are
_IMPORTING = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>", "<frozen zipimport>")
_STANDARD = (f"{Path(os.__file__).parent}/", "<frozen ")
_PATHLIB = ("/pathlib.py", "/pathlib/__init__.py", "/pathlib/_local.py", "/pathlib/_abc.py")
# In `os.path` and `pathlib`: who calls os.stat only to say yes or no.
_QUESTIONS = frozenset(
    [
        "exists",
        "lexists",
        "isfile",
        "isdir",
        "islink",
        "ismount",
        "is_file",
        "is_dir",
        "is_symlink",
        "is_mount",
        "realpath",
        "_joinrealpath",
    ]
)


class Watch:
    """What this process, and those it was forked from, have used so far."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}  # path -> content
        self._presences: dict[str, str] = {}  # path -> whether it is there
        self._libraries: set[str] = set()  # first part of a path below a folder of libraries
        self._imports: set[str] = set()
        self._sites = tuple(f"{folder}/" for folder in sys.path if folder.endswith("-packages"))
        self._standard = tuple(f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib"))
        self._handlers: dict[str, Callable[..., None]] = {}
        self._with_files = False
        self._ignored: tuple[str, ...] = _MACHINE
        self._busy: set[int] = set()  # threads whose reading does not count

    def start(self) -> None:
        """Begin to watch, for libraries and missing modules only: what libraries read when they are imported is theirs.

        There is no way to stop: audit hooks stay.
        """
        for name in ("HOME", "MPLCONFIGDIR"):
            if os.environ.get(name):
                self.ignore(Path(os.environ[name]))
        for module in list(sys.modules.values()):
            self._note_library(str(getattr(module, "__dict__", {}).get("__file__") or ""))
        sys.meta_path.insert(0, _Finder(self))
        self._handlers = {
            "open": self._opened,
            "import": self._imported,
            "os.listdir": self._listed,
            "os.scandir": self._listed,
            "sqlite3.connect": self.note,
            "ctypes.dlopen": self._linked,
        }
        sys.addaudithook(self._hear)
        self._watch_stat()

    def start_files(self) -> None:
        """From now on keep files too."""
        self._with_files = True

    def ignore(self, folder: Path) -> None:
        """Take no notice of a folder that is this process's own."""
        self._ignored += (f"{folder}/", f"{os.path.realpath(folder)}/")

    def needs(self) -> list[NeedRecord]:
        """Return what was used, in a fixed order."""
        found = [NeedRecord(kind="file", name=_named(path), state=state) for path, state in self._states.items()]
        found += [
            NeedRecord(kind="presence", name=_named(path), state=state)
            for path, state in self._presences.items()
            # who resolves links asks for every folder on the way
            if path not in self._states and state != FOLDER
        ]
        found += [NeedRecord(kind="library", name=name, state="") for name in self._libraries]
        missing = self._imports - set(sys.modules) - sys.stdlib_module_names
        found += [NeedRecord(kind="module", name=name, state=ABSENT) for name in missing]
        return sorted(found, key=lambda need: (need["kind"], need["name"]))

    @contextlib.contextmanager
    def apart(self) -> Iterator[bool]:
        """Leave out what this thread does meanwhile, which is not for the cells; gives False inside of itself."""
        thread = _thread.get_ident()
        first = thread not in self._busy
        self._busy.add(thread)
        try:
            yield first
        finally:
            if first:
                self._busy.discard(thread)

    def note(self, path: Any) -> None:
        """Keep the state of a file at its first use."""
        with self.apart() as first:
            full = self._full(path) if first else None
            if full is not None and full not in self._states:
                self._states[full] = state_of(full)

    def keep_module(self, path: str, source: bytes) -> None:
        """Keep the bytes of a module of ours that are run, and that no package of its name goes before it."""
        with self.apart():
            full = os.path.realpath(path)
            self._states[full] = hashlib.sha256(source).hexdigest()
        if not full.endswith("/__init__.py"):
            self.note(full.removesuffix(".py") + "/__init__.py")

    def note_missing(self, name: str, folders: Iterable[str]) -> None:
        """Keep that a module was looked for in `folders` and not found."""
        for folder in folders:
            if not f"{folder}/".startswith((*self._sites, *self._standard)) and Path(folder).is_dir():
                self.note(os.path.join(folder, f"{name}.py"))  # noqa: PTH118 ("" is the folder a process is in)
                self.note(os.path.join(folder, name, "__init__.py"))  # noqa: PTH118

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        handler = self._handlers.get(event)
        if handler is not None:
            try:
                handler(*args)
            except Exception:  # it would come out of what the cell called; what was missed holds never again
                self._states[MISSED] = MISSED

    def _opened(self, path: Any, mode: Any, flags: Any) -> None:
        if _makes(mode, flags) or isinstance(path, int) or path is None:
            return
        full = os.fsdecode(path)
        if self._is_of_others(full):
            self._note_library(full)
        else:
            if _importing():
                if full.endswith(".pyc"):
                    full = importlib.util.source_from_cache(full)
                if full.startswith((_RUNTIME, _PIPELINE)):
                    return  # of the former the finder below knows, the latter is in the key of all results
            self.note(full)

    def _listed(self, path: Any) -> None:
        if not isinstance(path, int) and not _importing():
            self.note("." if path is None else path)

    def _linked(self, name: Any) -> None:
        if isinstance(name, str) and name.startswith("/"):
            self._opened(name, None, 0)

    def _imported(self, name: str, file: Any, path: Any, *rest: Any) -> None:
        top = name.partition(".")[0]
        if isinstance(file, str):
            self._note_library(file)
        elif top not in sys.modules and top not in self._imports and top not in sys.stdlib_module_names:
            self._imports.add(top)
            if PathFinder.find_spec(top) is None:
                self.note_missing(top, [folder for folder in path or () if isinstance(folder, str)])

    def _is_of_others(self, path: str) -> bool:
        """Say whether a file belongs to a library or to Python, which have versions."""
        others = path.startswith((*self._sites, *self._standard)) and ".." not in path
        return others and not path.startswith((_RUNTIME, _PIPELINE))

    def _note_library(self, path: str) -> None:
        # who looks for plug-ins reads of every library whether it has some
        site = next((site for site in self._sites if path.startswith(site)), None)
        if site is not None and self._is_of_others(path) and not path.endswith("/entry_points.txt"):
            top, _, rest = path[len(site) :].partition("/")
            if top == "__pycache__":
                top = rest.partition(".")[0] + ".py"
            if not top.startswith(_OF_INSTALLERS):
                self._libraries.add(top)

    def _full(self, path: Any) -> str | None:
        """Return the path without links, or None when nobody needs to know of it."""
        if not self._with_files:
            return None
        try:
            given = os.fsdecode(path)
            if "\0" in given or given.startswith(_MACHINE) or self._is_of_others(given):
                return None
            full = os.path.realpath(given)
        except (TypeError, ValueError, OSError):
            return None
        return None if f"{full}/".startswith(self._ignored) or self._is_of_others(full) else full

    def _watch_stat(self) -> None:
        """Notice who asks whether a file is there: that raises no event."""
        for name in ("stat", "lstat"):
            real = getattr(os, name)
            watched = functools.wraps(real)(functools.partial(self._asked, real))
            setattr(os, name, watched)
            for kind in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
                if real in kind:
                    kind.add(watched)

    def _asked(self, real: Callable[..., os.stat_result], path: Any, *args: Any, **options: Any) -> os.stat_result:
        with self.apart() as first:
            full = self._full(path) if first and not isinstance(path, int) else None
            if full is not None and not full.startswith(_PIPELINE):
                if full not in self._presences:
                    self._presences[full] = presence_of(full)
                if self._presences[full] == FILE and full not in self._states and not _only_asks():
                    self._states[full] = state_of(full)  # its size follows from its content
        return real(path, *args, **options)


class _Finder:
    """Finds `runtime` and its modules as always, and keeps the bytes that are run or that there are none."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] != "runtime":
            return None
        spec = PathFinder.find_spec(name, path or [CODE, *sys.path], target)
        if spec is None:
            self._watch.note_missing(name.rpartition(".")[2], path or [CODE])
        elif isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(self._watch, spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Runs what the file holds now: bytecode is told from its source by whole seconds and size only."""

    def __init__(self, watch: Watch, name: str, path: str) -> None:
        super().__init__(name, path)
        self._watch = watch

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path)
        self._watch.keep_module(self.path, source)
        return self.source_to_code(source, self.path)


def _named(path: str) -> str:
    return OURS + path[len(CODE) + 1 :] if path.startswith(f"{CODE}/") else path


def _makes(mode: Any, flags: Any) -> bool:
    """Say whether what is opened is only written, or is made by opening it."""
    if isinstance(mode, str):
        return mode[:1] in ("w", "x")
    return isinstance(flags, int) and (flags & os.O_ACCMODE == os.O_WRONLY or bool(flags & os.O_EXCL))


def _importing() -> bool:
    """Say whether the import system has caused the event that is being told."""
    frame = sys._getframe(2)
    return frame.f_back is not None and frame.f_back.f_code.co_filename in _IMPORTING


def _only_asks() -> bool:
    """Say whether os.stat, whose wrapper calls this, is asked for nothing but whether something is there."""
    frame = sys._getframe(2)
    if frame.f_code.co_filename.endswith(_PATHLIB) and frame.f_code.co_name in ("stat", "lstat"):
        frame = frame.f_back or frame
    return frame.f_code.co_name in _QUESTIONS and frame.f_code.co_filename.startswith(_STANDARD)


WATCH = Watch()
