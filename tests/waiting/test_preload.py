"""What the waiting process has before anybody asks: all that an edit of prose needs, and nothing of anybody's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from pipeline.waiting.loaded import ELSEWHERE
from tests.waiting.house import House

IMPORTS = """
import json, os, sys, tempfile
asked = set()
class Noting(type(os.environ)):
    def __getitem__(self, name):
        asked.add(os.fsdecode(name))
        return super().__getitem__(name)
os.environ.__class__ = Noting
looked = []
def hear(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes)):
        looked.append(os.path.abspath(os.fsdecode(arguments[0])))
sys.addaudithook(hear)
from pipeline.waiting.preload import preload
preload(["en", "es", "zh"])
from pipeline.waiting.described import variables
counted = [os.fsdecode(name) for name in variables({os.fsencode(name): b"" for name in asked})]
print(json.dumps({
    "uncounted": sorted(asked - set(counted)),
    "looked": sorted(set(looked)),
    "temporary": tempfile.tempdir,
    "threads": len(os.listdir("/proc/self/task")),
}))
"""


def test_no_variable_is_looked_at_that_is_not_compared(tmp_path: Path, code: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["uncounted"] == []
    libraries = (sys.prefix, sys.base_prefix, str(code), "/proc/", "/dev/", "/usr/share/zoneinfo", *ELSEWHERE)
    assert [path for path in found["looked"] if not path.startswith((*libraries, *sys.path[1:]))] in ([], [str(folder)])
    assert found["temporary"] is None and found["threads"] == 1


AFTERWARDS = """
import sys
from pathlib import Path
from pipeline.config import load
from pipeline.waiting.preload import preload
root = Path(sys.argv[1])
preload(load(root).languages)
there = set(sys.modules)
from pipeline import cli
code = cli.main(["--root", str(root), "build"])
print(*sorted(set(sys.modules) - there), file=sys.stderr)
sys.exit(code)
"""


def test_a_build_after_an_edit_of_prose_imports_nothing_more(house: House) -> None:
    assert house.run("build").code == 0
    house.edit("A plain word.")
    command = [sys.executable, "-c", AFTERWARDS, str(house.root)]
    done = subprocess.run(command, cwd=house.root, env=house.environment, capture_output=True, text=True, check=True)
    assert "Wrote" in done.stdout
    more = done.stderr.splitlines()[-1].split()
    # what Python was built with is read when asked for, and with it says where this user's own libraries are
    assert [name for name in more if not name.startswith("_sysconfigdata_")] == []


def test_who_asks_imports_little(house: House) -> None:
    """Each run of each command pays for it, and a build that is served waits for nothing else of ours."""
    script = (
        "import __future__, os, sys; before = set(sys.modules)\n"
        "from pipeline.waiting.asking import answered\n"
        "sys.argv = ['marovi', '--root', *sys.argv[1:]]; code = answered(sys.argv[1:])\n"
        "print(code, *sorted(set(sys.modules) - before), file=sys.stderr)"
    )

    def imported(*words: str) -> list[str]:
        command = [sys.executable, "-S", "-c", script, str(house.root), *words]
        said = subprocess.run(
            command, cwd=house.root, env=house.environment, capture_output=True, text=True, check=True
        ).stderr
        return said.splitlines()[-1].split()

    alone = ["None", "pipeline", "pipeline.waiting", "pipeline.waiting.asking"]
    assert imported("check") == alone
    assert imported("build") == alone
    house.wait()
    asked = imported("build")
    assert {"pipeline.waiting.channel", "pipeline.waiting.described", "socket"} < set(asked)
    assert {"argparse", "json", "pathlib", "re", "dataclasses", "typing", "pipeline.config"}.isdisjoint(asked)
