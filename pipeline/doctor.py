"""`marovi doctor`: what this machine has and lacks, for which task, with a sentence each on how to get it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.config import Config, find_root, load
from pipeline.errors import MaroviError
from pipeline.terminal import columns, harmless, paint, wrapped

DISTRIBUTION = "marovi"
ROOM = 2 * 2**30  # bytes that a build of many topics, its cache and a local wiki may take
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60  # seconds for a program to answer
# Prints what would hold a cell; the process that asks gives up its rights, so it is one of its own.
CONFINED = """
import dataclasses, json, pathlib, sys
from pipeline.run.confine import confine
print(json.dumps(dataclasses.asdict(confine(pathlib.Path(sys.argv[1]), 2**30, "cpu"))))
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a task needs: what was found, and how to get it where it is missing."""

    task: str  # build, preview, wiki, tests, publish, GPU
    what: str
    found: str  # a version, a size, a place; "" where it is missing
    remedy: str = ""
    ok: bool = True
    needed: bool = True  # False: everything works without it, with less comfort or protection


def doctor(options: Any) -> int:
    """Print every finding; 0 when nothing that is needed is missing."""
    try:
        root = find_root(options.root.resolve() if options.root else Path.cwd())
        config, trouble = load(root), None
    except MaroviError as error:
        config, trouble = None, error
    found = [*_python(), *_project(config, trouble), *_kernel(), *_tools(), *_gpu()]
    if options.network:
        found += _network(config)
    missing = [one for one in found if one.needed and not one.ok]
    if options.json:
        print(json.dumps({"ok": not missing, "findings": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        for line in _lines(found):
            print(line)
        print(
            f"{len(missing)} of {len(found)} missing"
            if missing
            else f"All that is needed is here ({len(found)} looked at)"
        )
    return 1 if missing else 0


def _lines(found: list[Finding]) -> Iterator[str]:
    for one in found:
        mark, style = ("ok", "green") if one.ok else ("missing", "red") if one.needed else ("without", "yellow")
        text = f"{one.task}: {one.what}" + (f" {one.found}" if one.found else "")
        text += f": {one.remedy}" if one.remedy and not one.ok else ""
        first, *rest = wrapped(f"{mark:7}  {harmless(text)}", columns(), " " * 9)
        yield first.replace(mark, paint(mark, style, sys.stdout), 1)
        yield from rest


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("build", "Python", version, "install Python 3.11 or later", sys.version_info >= (3, 11))
    try:
        wanted = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        remedy = "run script/publish, which makes .venv with everything"
        yield Finding("build", "the package marovi in this Python", "", remedy, False)
        return
    lacking = [text for text in wanted if "extra ==" not in text and not _is_met(text)]
    remedy = "run script/publish, which brings .venv up to date: " + ", ".join(lacking)
    yield Finding("build", "packages", f"{sum('extra ==' not in text for text in wanted)}", remedy, not lacking)
    for name in ("numpy", "torch", "matplotlib"):
        here = _version(name)
        yield Finding("build", name, here, "run script/publish", bool(here))
    dask = _version("distributed")
    yield Finding("build", "distributed", dask, "for --executor: pip install 'marovi[dask]'", bool(dask), needed=False)


def _is_met(requirement: str) -> bool:
    """Whether an installed package meets a requirement such as torch>=2.11."""
    match = re.match(r"([\w.-]+)(?:>=([\d.]+))?", requirement.split(";")[0].strip())
    here = _version(match[1]) if match else ""
    return bool(match and here) and _numbers(here) >= _numbers(match[2] or "0")  # type: ignore[index]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3])


def _project(config: Config | None, trouble: MaroviError | None) -> Iterator[Finding]:
    if config is None:
        yield Finding("build", "a project around this folder", "", str(trouble), False)
        return
    yield Finding("build", "project", str(config.root))
    if (config.root / "script" / "setup.sh").is_file():
        yield _environment(config.root)
    for folder in (config.root, config.state, config.build):
        place = next(path for path in (folder, *folder.parents) if path.exists())
        if folder == config.root or place == folder:
            remedy = f"give this user the right to write there: chown -R $(id -un) {folder}"
            yield Finding("build", f"writing in {folder.name}/", "", remedy, os.access(place, os.W_OK))
    free = shutil.disk_usage(config.root).free
    yield Finding("build", "free disk space", _spoken(free), f"a build may take {_spoken(ROOM)}", free >= ROOM)
    if config.cache.is_dir():
        from pipeline.run.eviction import usage

        used = usage(config.cache)
        text = f"{_spoken(used.size)} of {_spoken(config.cache_limit)}"
        yield Finding("build", "cache", text, "`marovi cache --evict`", used.size <= config.cache_limit, needed=False)


def _environment(root: Path) -> Finding:
    """Whether .venv was made for pyproject.toml and the constraints as they stand (see script/setup.sh)."""
    parts = [root / "pyproject.toml", root / "script" / "constraints.txt"]
    text = b"".join(path.read_bytes() for path in parts if path.is_file())
    notes = [root / ".venv" / f"installed-{extra}" for extra in ("", "test")]
    wanted = _cksum(text)
    fits = any(note.is_file() and note.read_text(encoding="utf-8").strip() == wanted for note in notes)
    return Finding(
        "build", ".venv as pyproject.toml wants it", "", "run script/publish or script/test", fits, needed=False
    )


def _cksum(data: bytes) -> str:
    """The line that the program cksum prints (POSIX: a CRC of the bytes and their length)."""
    crc = 0
    length, tail = len(data), b""
    while length:
        tail += bytes([length & 0xFF])
        length >>= 8
    for byte in data + tail:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x104C11DB7 if crc & 0x80000000 else crc << 1
    return f"{crc ^ 0xFFFFFFFF} {len(data)}"


def _kernel() -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        answer = _answer(sys.executable, "-c", CONFINED, folder)
    try:
        said = json.loads(answer)
    except ValueError:
        yield Finding(
            "build", "protections from cells", "", "they could not be tried on this machine", False, needed=False
        )
        return
    yield Finding(
        "build", "protections from cells:", ", ".join(said["active"]) or "none", ok=bool(said["active"]), needed=False
    )
    for sentence in said["lacking"]:
        remedy = "a newer kernel, or a container with more rights, has it (docs/running.md)"
        yield Finding("build", sentence, "", remedy, False, needed=False)


def _tools() -> Iterator[Finding]:
    from pipeline.wiki.tools import MEDIAWIKI, MODULES, PROGRAMS

    git = _answer("git", "--version").removeprefix("git version ")
    yield Finding("build", "git", git, "apt-get install git", bool(git))
    there = (MEDIAWIKI / "api.php").is_file()
    yield _tool("wiki", "MediaWiki", str(MEDIAWIKI) if there else "", "mediawiki")
    for program, package in PROGRAMS.items():
        yield _tool("wiki", program, shutil.which(program) or "", package)
    modules = _answer("php", "-m").lower().split()
    lacking = [package for module, package in MODULES.items() if module not in modules]
    yield _tool("wiki", "PHP's modules", "" if lacking else ", ".join(MODULES), " ".join(lacking))
    browser = next(filter(None, map(shutil.which, BROWSERS)), "")
    yield _tool("tests", "Chromium", browser or "", "chromium")
    yield _tool("tests", "npm", shutil.which("npm") or "", "npm")


def _tool(task: str, what: str, found: str, package: str) -> Finding:
    remedy = f"as root run: apt-get install --no-install-recommends {package}"
    return Finding(task, what, found, remedy, bool(found), needed=False)


def _gpu() -> Iterator[Finding]:
    names = _answer("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader").strip()
    remedy = "topics run on the CPU; only `marovi verify --devices cpu,cuda` needs one"
    yield Finding("GPU", "an NVIDIA GPU", names.replace("\n", "; "), remedy, bool(names), needed=False)


def _network(config: Config | None) -> Iterator[Finding]:
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    places = [("build", "the package index", "https://pypi.org/simple/pip/")]
    if os.environ.get("MAROVI_WIKI_URL"):
        places.append(("publish", "the wiki", os.environ["MAROVI_WIKI_URL"].rstrip("/") + "/api.php"))
    for name, target in (config.targets if config else {}).items():
        places.append(("publish", f"the wiki {name}", target.url.rstrip("/") + "/api.php"))
    for task, what, address in places:
        shown = re.sub(r"//[^/@]*@", "//", address)
        try:
            with urlopen(Request(address, headers={"User-Agent": "marovi doctor"}), timeout=10) as answer:
                yield Finding(task, what, f"{shown} ({answer.status})")
        except HTTPError as error:
            yield Finding(task, what, "", f"{shown} answers {error.code}: look at the address and at proxies", False)
        except (URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            yield Finding(
                task, what, "", f"{shown} cannot be reached ({reason}): look at the address and the network", False
            )


def _answer(*command: str) -> str:
    """What a program prints, or "" where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _spoken(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
