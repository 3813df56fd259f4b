"""Where what was imported is outdated, or would be otherwise for who asks, the command runs without it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import Project
from tests.waiting.house import House, is_alive, state, until


@pytest.fixture
def own_code(built: Project, code: Path, tmp_path: Path) -> Iterator[House]:
    """A project with a copy of our packages that may be changed."""
    house = House(built.root, shutil.copytree(code, tmp_path / "code"))
    yield house
    process = house.waiting()
    house.run("stop")
    until(lambda: not is_alive(process))


def test_changed_code_is_what_runs(own_code: House) -> None:
    server = own_code.wait()
    own_code.edit("Before.")
    assert own_code.run("build").served
    path = own_code.code / "pipeline" / "report.py"
    path.write_text(path.read_text().replace("Wrote {written}", "Put down {written}"))
    own_code.edit("After.")
    done = own_code.run("build")
    assert not done.served and "Put down" in done.out
    until(lambda: not is_alive(server))
    own_code.wait()
    own_code.edit("Later.")
    done = own_code.run("build")
    assert done.served and "Put down" in done.out


def test_code_of_the_same_size_and_time_is_noticed_too(own_code: House) -> None:
    own_code.wait()
    path = own_code.code / "pipeline" / "report.py"
    before = path.stat()
    path.write_text(path.read_text().replace("Wrote {written}", "Saved {written}"[:5] + " {written}"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    own_code.edit("After.")
    assert not own_code.run("build").served


def test_a_new_module_is_noticed(own_code: House) -> None:
    own_code.wait()
    (own_code.code / "pipeline" / "novelty.py").write_text('"""Something new."""\n')
    own_code.edit("After.")
    assert not own_code.run("build").served


def test_an_installed_library_is_noticed(house: House, tmp_path: Path) -> None:
    libraries = tmp_path / "site-packages"
    (libraries / "jinja2-2.0.dist-info").mkdir(parents=True)
    house.environment["PYTHONPATH"] += f"{os.pathsep}{libraries}"
    house.wait()
    house.edit("Before.")
    assert house.run("build").served
    (libraries / "jinja2-2.0.dist-info").rename(libraries / "jinja2-2.1.dist-info")
    house.edit("After.")
    assert not house.run("build").served


def test_a_library_that_was_edited_is_noticed(house: House, tmp_path: Path) -> None:
    import markupsafe

    libraries = tmp_path / "site-packages"
    shutil.copytree(Path(markupsafe.__file__).parent, libraries / "markupsafe")
    house.environment["PYTHONPATH"] += f"{os.pathsep}{libraries}"
    house.wait()
    with (libraries / "markupsafe" / "__init__.py").open("a") as file:
        file.write("\n# a word\n")
    house.edit("After.")
    assert not house.run("build").served


@pytest.mark.parametrize(
    ("name", "value"),
    [("LANG", "de_DE.UTF-8"), ("LC_ALL", "C"), ("PYTHONHASHSEED", "7"), ("PYTHONUTF8", "0"), ("TZ", "Asia/Tokyo")],
)
def test_other_variables_of_those_that_imports_look_at(house: House, name: str, value: str) -> None:
    server = house.wait()
    house.edit("Elsewhere.")
    done = house.run("build", env={**house.environment, name: value})
    assert done.code == 0 and not done.served
    house.edit("Here again.")
    assert house.run("build").served and house.waiting() == server


def test_other_rights_and_limits(house: House) -> None:
    server = house.wait()
    for change in ("umask 077", "ulimit -n 256", "ulimit -v 8000000", "trap '' HUP"):
        house.edit("Elsewhere.")
        done = house.run("build", prefix=["sh", "-c", f'{change} && exec "$@"', "sh"])
        assert done.code == 0 and not done.served, change
    assert house.run("build").served and house.waiting() == server


def test_a_build_that_keeps_begins_a_process_for_its_own_surroundings(house: House) -> None:
    server = house.wait()
    other = {**house.environment, "LC_ALL": "C"}
    house.edit("Elsewhere.")
    assert not house.run("build", "--keep", env=other).served
    until(lambda: not is_alive(server))
    until(house.waiting)
    house.edit("Once more.")
    assert house.run("build", env=other).served


def test_a_setting_that_ends_it(house: House) -> None:
    server = house.wait()
    project = house.root / "pyproject.toml"
    text = project.read_text()
    project.write_text(text + "keep = 0\n")
    assert not house.run("build").served
    until(lambda: not is_alive(server))
    project.write_text(text + "keep = 60\n")
    server = house.wait()
    assert house.run("build").served
    project.write_text("[tool.marovi\n")
    done = house.run("build")
    assert done.code == 1 and "pyproject.toml cannot be read" in done.err and not done.served
    until(lambda: not is_alive(server))


def test_a_killed_process_leaves_a_socket_that_nobody_minds(house: House) -> None:
    server = house.wait()
    os.kill(server, signal.SIGKILL)
    until(lambda: not is_alive(server))
    assert (house.folder / "socket").exists()
    house.edit("Alone.")
    done = house.run("build")
    assert done.code == 0 and not done.served and done.out.count("Wrote") == 1
    assert house.wait() != server
    house.edit("Served.")
    assert house.run("build").served


def test_one_that_does_not_answer_is_not_waited_for(house: House) -> None:
    server = house.wait()
    os.kill(server, signal.SIGSTOP)
    until(lambda: state(server) == "T")
    house.edit("Alone.")
    done = house.run("build")
    assert done.code == 0 and not done.served
    os.kill(server, signal.SIGCONT)
    house.edit("Served.")
    assert house.run("build").served
    assert b"Served." in b"".join(house.built().values())


@pytest.mark.parametrize("said", [b"exit nothing\n", b"exit 0\n", b"signal 9\n", b"\n", b"run\n", b""])
def test_one_that_talks_nonsense_is_not_believed(house: House, said: bytes) -> None:
    house.folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(house.folder / "socket"))
        listening.listen()
        house.edit("Alone.")
        with house.start("build") as process:
            connection = listening.accept()[0]
            connection.sendall(b"ready\n")
            connection.recv(100)
            connection.sendall(said)
            connection.close()
            out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Wrote" in out, err


def test_who_sends_nonsense_gets_no_answer_and_others_do(house: House) -> None:
    server = house.wait()
    for sent in (b"x", b"x" * 100, b"1RAM\xff\xff\xff\xff", b"1RAM\x10\0\0\0" + b"\xff" * 16):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(house.folder / "socket"))
            assert connection.recv(100) == b"ready\n"
            connection.sendall(sent)
            assert connection.recv(100) == b"exit 1\n"
    house.edit("Served.")
    assert house.run("build").served and house.waiting() == server
