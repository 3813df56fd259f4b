"""What a process that runs cells notices: files that are read, listed, asked for or missing, modules and libraries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipeline.run.needs import Present

pytestmark = pytest.mark.slow  # each test starts a process

ROOT = Path(__file__).parents[2]


def needs(code: str, folder: Path, root: Path = ROOT) -> dict[str, str]:
    """Run `code` in a process that is watched, in `folder`; return what it used, by kind and name."""
    (folder / "scratch").mkdir(exist_ok=True)
    program = f"""
import json, os, sys
from pathlib import Path
sys.path.insert(0, {str(root)!r})
from pipeline.run.watch import WATCH
WATCH.start()
WATCH.start_files()
os.chdir({str(folder / "scratch")!r})
WATCH.ignore(Path.cwd())
folder = Path({str(folder)!r})
{textwrap.dedent(code)}
print(json.dumps(WATCH.needs()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return {f"{need['kind']} {need['name'].replace(f'{folder}/', '')}": need["state"] for need in found}


def files(found: dict[str, str]) -> list[str]:
    return [name for name in found if name.startswith(("file", "presence")) and "code:" not in name]


@pytest.mark.parametrize(
    "code",
    [
        "open(folder / 'data').read()",
        "(folder / 'data').read_text()",
        "os.read(os.open(folder / 'data', os.O_RDONLY), 9)",
        "open(str(folder).encode() + b'/data', 'rb').close()",
        "open(folder / 'link').read()",
        "open(folder / 'scratch' / '..' / 'data').read()",
        "os.symlink(folder / 'data', 'mine'); open('mine').read()",
        "import json; open(os.path.dirname(json.__file__) + '/..' * 15 + f'{folder}/data').read()",
        "import numpy; numpy.fromfile(folder / 'data', dtype='u1')",
        "os.stat(folder / 'data').st_size",
        "(folder / 'data').stat().st_size",
        "os.path.getsize(folder / 'data')",
        "import sqlite3; sqlite3.connect(folder / 'data')",
        "import threading; t = threading.Thread(target=(folder / 'data').read_text); t.start(); t.join()",
        "if os.fork() == 0: os._exit(0)\nopen(folder / 'data', 'r+').close()",
    ],
)
def test_a_file_that_is_read_is_noticed_by_its_content(code: str, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("1,2,3")
    (tmp_path / "link").symlink_to("data")
    found = needs(code, tmp_path)
    # sha256sum
    assert found["file data"] == "8a6ae15122001229edb8866f56e342af12ae8187203c3e3b33931743e7c0c48d"
    assert files(found) == ["file data"]


def test_what_is_not_there_is_noticed(tmp_path: Path) -> None:
    code = """
    try:
        open(folder / 'a')
    except FileNotFoundError:
        pass
    print((folder / 'b').exists(), os.path.isfile(folder / 'c' / 'd'))
    try:
        import nosuchlibrary
    except ImportError:
        pass
    try:
        from runtime import nosuchmodule
    except ImportError:
        pass
    """
    found = needs(code, tmp_path)
    assert {name: found[name] for name in files(found)} == {
        "file a": "absent", "presence b": "absent", "presence c/d": "absent"
    }  # fmt: skip
    assert found["module nosuchlibrary"] == "absent"
    assert found["file code:runtime/nosuchmodule.py"] == found["file code:runtime/nosuchmodule/__init__.py"] == "absent"


def test_of_what_was_only_asked_for_the_content_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("1,2,3")
    code = "(folder / 'data').exists(), (folder / 'data').is_file(), os.path.exists(folder / 'data')"
    assert files(needs(code, tmp_path)) == ["presence data"]


def test_a_folder_that_is_listed_is_noticed_by_the_names_in_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    first = needs("os.listdir(folder / 'data')", tmp_path)["file data"]
    assert first == needs("list((folder / 'data').iterdir())", tmp_path)["file data"]
    (tmp_path / "data" / "one").write_text("")
    second = needs("sorted((folder / 'data').glob('*'))", tmp_path)["file data"]
    assert first != second and second.startswith("folder ")
    (tmp_path / "data" / "one").write_text("more")
    assert needs("import glob; glob.glob(f'{folder}/data/*')", tmp_path)["file data"] == second


def test_its_own_folder_and_what_the_machine_says_are_not_noticed(tmp_path: Path) -> None:
    code = """
    Path('x').write_text('1')
    Path('x').read_text()
    os.listdir('.')
    Path('/proc/self/status').read_text()
    open('/dev/null').close()
    import tempfile
    tempfile.TemporaryFile(dir='.').close()
    """
    assert files(needs(code, tmp_path)) == []


def test_a_file_that_is_only_written_is_not_noticed(tmp_path: Path) -> None:
    assert files(needs("(folder / 'new').write_text('1'); open(folder / 'made', 'x').close()", tmp_path)) == []


def test_what_cannot_be_noticed_is_no_error_of_the_cell_and_keeps_no_result(tmp_path: Path) -> None:
    code = """
    name = f"{folder}/data"
    def deep():
        try:
            deep()
        except RecursionError:  # there is no room for noticing, but for opening
            os.close(os.open(name, os.O_RDONLY))
    deep()
    """
    (tmp_path / "data").write_text("1")
    found = needs(code, tmp_path)
    assert found["file missed"] == "missed"
    assert not Present({"code": tmp_path}).hold({"file missed": "missed"})


def test_a_state_is_that_of_the_first_reading(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("1,2,3")
    code = "open(folder / 'data').read(); (folder / 'data').write_text('changed'); open(folder / 'data').read()"
    assert needs(code, tmp_path)["file data"].startswith("8a6ae151")


def test_only_those_of_our_modules_that_are_loaded_are_noticed(tmp_path: Path) -> None:
    found = needs("from runtime import methods; methods.softmax([1.0, 2.0])", tmp_path)
    ours = {
        name.removeprefix("file code:runtime/")
        for name, state in found.items()
        if name.startswith("file code:runtime/") and state != "absent"
    }
    assert "methods/softmax.py" in ours and "exports.py" in ours and "verify.py" in ours
    assert not ours & {"methods/attention.py", "figures.py", "data.py"}
    assert not [name for name in found if "pipeline/" in name]


def test_libraries_are_noticed_also_those_that_were_loaded_before(tmp_path: Path) -> None:
    found = needs("import numpy, yaml", tmp_path)
    assert "library numpy" in found and "library yaml" in found
    assert "library torch" not in found and "library matplotlib" not in found


def test_a_module_from_elsewhere_is_noticed_by_its_source(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("x = 1\n")
    code = "sys.path.insert(0, str(folder))\nimport mine"
    states = [needs(code, tmp_path)["file mine.py"] for _ in range(2)]  # the second time there is bytecode
    (tmp_path / "mine.py").write_text("x = 2\n")
    assert states[0] == states[1] != needs(code, tmp_path)["file mine.py"]


def test_our_modules_run_as_they_are_now_whatever_bytecode_there_is(tmp_path: Path) -> None:
    """Bytecode is told from its source by size and whole seconds: an edit within one second would be overlooked."""
    code = "import runtime.one\nprint(runtime.one.x)\nfound = WATCH.needs()"
    for package in ("pipeline", "runtime"):
        (tmp_path / "code").mkdir(exist_ok=True)
        subprocess.run(["cp", "-r", str(ROOT / package), str(tmp_path / "code" / package)], check=True)
    module = tmp_path / "code" / "runtime" / "one.py"
    module.write_text("x = 1\n")
    stat = module.stat()
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(module)], check=True)
    first = needs(code, tmp_path, tmp_path / "code")["file code:runtime/one.py"]
    module.write_text("x = 2\n")
    os.utime(module, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    second = needs(f"{code}\nassert runtime.one.x == 2", tmp_path, tmp_path / "code")["file code:runtime/one.py"]
    assert first != second
