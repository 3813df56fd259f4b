"""Take calls away from this process and all it starts, as if the kernel did not have them.

Run as a program with the names of what to take away, it runs topics of one cell each on a machine like that and prints
as JSON what came of them: python -m tests.run.escapes.older FOLDER REQUIRED SOURCES NAME…
"""

from __future__ import annotations

import ctypes
import errno
import json
import platform
import struct
import sys
import tempfile
from pathlib import Path

# name -> calls on x86-64 and on ARM64
_CALLS = {
    "Landlock": ((444, 445, 446), (444, 445, 446)),
    "seccomp": ((317,), (277,)),
    "namespaces": ((272,), (97,)),
}
_PRCTL, _PR_SET_SECCOMP = (157, 167), 22
_ALLOW, _FAIL_WITH = 0x7FFF0000, 0x00050000


def take_away(names: list[str]) -> None:
    column = ["x86_64", "aarch64"].index(platform.machine())
    steps = [(0x20, 0, 0, 0)]  # load the number of the call
    for name in names:
        for number in _CALLS[name][column]:
            steps += [(0x15, 0, 1, number), (0x06, 0, 0, _FAIL_WITH | errno.ENOSYS)]
    if "seccomp" in names:
        steps += [(0x15, 0, 3, _PRCTL[column]), (0x20, 0, 0, 16), (0x15, 0, 1, _PR_SET_SECCOMP)]
        steps += [(0x06, 0, 0, _FAIL_WITH | errno.EINVAL)]
    steps += [(0x06, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None)
    libc.prctl(38, 1, 0, 0, 0)
    assert libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(header), 0, 0) == 0


def main() -> None:
    folder, required, sources, *names = sys.argv[1:]
    if "disk" in names:  # temporary files lie in memory
        names.remove("disk")
        tempfile.tempdir = "/dev/shm"
    take_away(names)
    from pipeline.errors import RunError
    from pipeline.run import Progress, RunSettings, run
    from tests.run.topics import article

    stages: list[str] = []

    def tell(event: Progress) -> None:
        stages.append(event.stage)

    settings = RunSettings(
        Path(folder, "cache"), ("en",), output_limit=100_000, reproduce=False, require_sandbox=required == "required"
    )
    try:
        topics = [article(Path(folder, f"topic-{n}"), source) for n, source in enumerate(json.loads(sources))]
        report = run(topics, settings, tell)
    except RunError as error:
        print(json.dumps({"error": str(error), "stages": stages}))
        return
    printed = "".join(output.stdout for result in report.results.values() for output in result.outputs.values())
    problems = [problem.message for problem in report.problems]
    said = {"sandbox": report.sandbox, "unprotected": report.unprotected, "printed": printed, "problems": problems}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
