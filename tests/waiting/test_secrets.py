"""What stands in the environment of one build is nowhere when it has ended."""

from __future__ import annotations

from pathlib import Path

from tests.waiting.house import EDITED, House

SECRET = "correct-horse-battery-staple"
NAMES = ("MAROVI_WIKI_PASSWORD", "MAROVI_CACHE_KEY", "AWS_SECRET_ACCESS_KEY")


def test_a_secret_ends_with_the_build_that_had_it(house: House, tmp_path: Path) -> None:
    """A program in the place of git tells what each build had."""
    told = tmp_path / "told"
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nenv >> {told}\nPATH="${{PATH#*:}}" exec git "$@"\n')
    program.chmod(0o755)
    house.environment["PATH"] = f"{program.parent}:{house.environment['PATH']}"
    secrets = {**house.environment, **dict.fromkeys(NAMES, SECRET)}

    server = house.wait(env=secrets)
    assert SECRET in told.read_text()
    path = house.root / EDITED
    cell = (
        "import os\n"
        f"assert not any({SECRET[::-1]!r}[::-1] in value for value in os.environ.values())\n"
        f"assert {SECRET[::-1]!r}[::-1].encode() not in open('/proc/self/environ', 'rb').read()\n"
    )
    path.write_text(path.read_text().replace('glue("count"', f'{cell}glue("count"'))
    told.unlink()
    done = house.run("build", env=secrets)
    assert done.served and done.code == 0, done.err
    assert told.read_text().count(SECRET) >= len(NAMES)

    told.unlink()
    house.edit("Without.")
    assert house.run("build").served
    assert "HOME=" in told.read_text() and SECRET not in told.read_text()

    assert SECRET.encode() not in Path(f"/proc/{server}/environ").read_bytes()
    assert SECRET.encode() not in memory_of(server)
    assert b"pipeline" in memory_of(server)
    for file in house.root.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


def memory_of(process: int) -> bytes:
    """All that a process has in memory of its own."""
    pieces = []
    with Path(f"/proc/{process}/maps").open() as maps, Path(f"/proc/{process}/mem").open("rb") as memory:
        for line in maps:
            place, rights, *_ = line.split()
            if rights.startswith("rw") and "[v" not in line:
                start, end = (int(number, 16) for number in place.split("-"))
                memory.seek(start)
                pieces.append(memory.read(end - start))
    return b"".join(pieces)
