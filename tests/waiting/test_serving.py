"""A build that the waiting process does is the build that would have been: what it prints, writes and returns."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.waiting.starting import let_wait
from tests.waiting.house import EDITED, House, children, is_alive, until


def test_output_exit_code_and_files_are_those_of_a_build_of_its_own(house: House, tmp_path: Path) -> None:
    house.wait()
    alone = House(tmp_path / "alone", house.code)
    shutil.copytree(house.root, alone.root, symlinks=True, ignore=shutil.ignore_patterns("waiting", "keep"))
    alone.run("build", "--no-keep")

    def same(*words: str) -> str:
        ours, theirs = house.run("build", *words), alone.run("build", "--no-keep", *words)
        assert (ours.served, theirs.served) == (True, False)
        assert (ours.code, ours.out, ours.err) == (theirs.code, theirs.out, theirs.err)
        assert house.built() == alone.built()
        return ours.out

    assert same().startswith("Nothing has changed")
    for one in (house, alone):
        one.edit("A plain word.")
    assert "Wrote" in same("-v")
    assert any(b"A plain word." in content for content in house.built().values())
    for one in (house, alone):
        one.edit("See [nothing](#nowhere) and {glue}`missing`.")
    assert same("--json").startswith('{"error"')
    assert same() == ""
    assert same("--nonsense") == ""


def test_a_terminal_gets_what_it_would_have_got(house: House) -> None:
    house.wait()
    house.edit("See {glue}`missing`.")
    shown = []
    for words in (["build"], ["build", "--no-keep"]):
        ours, theirs = pty.openpty()
        options = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        done = house.run(*words, **options, env={**house.environment, "TERM": "xterm", "COLUMNS": "60"})
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # a terminal's end
            pass
        os.close(ours)
        assert done.code == 1 and done.served == (words == ["build"])
        shown.append(b"".join(pieces))
    assert b"\x1b[31m" in shown[0] and b"missing" in shown[0]
    # the line that says how far it is shows other moments
    assert shown[0].rpartition(b"\x1b[K")[2] == shown[1].rpartition(b"\x1b[K")[2]


def test_a_reader_who_has_left_is_no_error_of_ours(house: House) -> None:
    house.wait()
    for words in (["build"], ["build", "--no-keep"]):
        house.edit("One more.")
        reading, writing = os.pipe()
        os.close(reading)
        done = house.run(*words, stdout=writing)
        os.close(writing)
        assert done.served == (words == ["build"])
        assert done.code == 1 and "Traceback" not in done.err and "Exception" not in done.err


def test_the_project_is_found_from_a_folder_inside(house: House) -> None:
    house.wait()
    house.edit("From within.")
    done = house.run("build", cwd=house.root / "articles" / "tiny")
    assert done.served and "Wrote" in done.out, done.err


def test_two_builds_at_once_both_come_to_an_end(house: House) -> None:
    server = house.wait()
    house.edit("Twice.")
    with house.start("build") as first, house.start("build", "--json") as second:
        for process in (first, second):
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0 and out, err
    assert house.waiting() == server
    assert house.run("build").out.startswith("Nothing has changed")


def test_cells_run_as_they_do_otherwise(house: House) -> None:
    house.wait()
    path = house.root / EDITED
    path.write_text(path.read_text().replace("[1, 2]", "[1, 3]"))
    done = house.run("build")
    assert done.served and done.code == 1 and "data of figure curve was" in done.err
    done = house.run("build", "--accept")
    assert done.served and done.code == 0, done.err
    assert house.run("build", "--no-keep").out.startswith("Nothing has changed")


def test_nothing_waits_unless_it_was_asked_for(house: House) -> None:
    house.edit("Quietly.")
    assert not house.run("build").served
    assert not house.folder.exists()
    project = house.root / "pyproject.toml"
    project.write_text(project.read_text() + "keep = 0\n")
    assert house.run("build", "--keep").code == 0
    assert not house.folder.exists()


def test_a_build_without_keeping_leaves_the_process_alone(house: House) -> None:
    server = house.wait()
    house.edit("Alone.")
    assert not house.run("build", "--no-keep").served
    assert house.waiting() == server and is_alive(server)


def test_stop_ends_it(house: House) -> None:
    server = house.wait()
    done = house.run("stop")
    assert done.out.startswith("Ended ") and done.code == 0
    until(lambda: not is_alive(server))
    assert not (house.folder / "socket").exists()
    assert house.run("stop").out == "Nothing was waiting.\n"


def test_it_ends_when_nobody_comes(house: House) -> None:
    project = house.root / "pyproject.toml"
    project.write_text(project.read_text() + "keep = 4\n")
    server = house.wait()
    until(lambda: not is_alive(server))
    assert not (house.folder / "socket").exists()


def test_it_ends_when_its_place_is_taken_or_gone(house: House) -> None:
    server = house.wait()
    let_wait(load(house.root))  # from this process, which is another one for it
    other = until(lambda: (now := house.waiting()) != server and now)
    until(lambda: not is_alive(server))
    shutil.rmtree(house.folder)
    until(lambda: not is_alive(other))


def test_a_deep_folder_is_no_obstacle(house: House, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-long-name-of-a-folder"] * 6, "project")
    deep.parent.mkdir(parents=True)
    shutil.move(house.root, deep)
    moved = House(deep, house.code)
    server = moved.wait()
    moved.edit("Far down.")
    assert moved.run("build").served
    moved.run("stop")
    until(lambda: not is_alive(server))
    shutil.move(deep, house.root)


def test_it_forks_nothing_that_stays(house: House) -> None:
    server = house.wait()
    for number in range(3):
        house.edit(f"Word {number}.")
        assert house.run("build").served
    until(lambda: not children(server))
    assert len(list(Path(f"/proc/{server}/fd").iterdir())) < 12


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_nobody_is_asked_who_belongs_to_another_user(house: House) -> None:
    house.wait()
    listening = subprocess.Popen(
        [
            "python3",
            "-c",
            "import os, socket, sys; os.chdir(sys.argv[1]); s = socket.socket(socket.AF_UNIX); s.bind('theirs');"
            "os.setuid(65534); s.listen(); print('listens', flush=True); s.accept()[0].recv(1); print('asked')",
            str(house.folder),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    with listening:
        assert listening.stdout is not None and listening.stdout.readline() == "listens\n"
        (house.folder / "theirs").replace(house.folder / "socket")
        house.edit("Mine.")
        done = house.run("build")
        assert done.code == 0 and not done.served
        assert listening.communicate()[0] in ("", "asked\n")
    assert b"Mine." in b"".join(house.built().values())
