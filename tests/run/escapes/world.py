"""What article code could reach without a sandbox: secrets, files, processes, sockets, a terminal."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.run import calls

SECRET = "a-secret-nobody-may-see"
_SIGNALS = ("USR1", "USR2", "WINCH", "CONT", "IO")
_FILES = ("overwritten", "appended", "truncated", "deleted", "renamed", "rights", "times", "xattr")
_TARGET = f"""
import os, signal, sys, time
for name in {_SIGNALS!r}:
    signal.signal(getattr(signal, "SIG" + name), lambda number, frame, name=name: os.write(1, name.encode() + b" "))
secret = open(sys.argv[1])
print(secret.fileno(), flush=True)
while True:
    time.sleep(60)
"""


class World:
    """`places` says where everything is, as plain data for the code of an attempt."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self._folder = folder
        self._stack = contextlib.ExitStack()
        self._libc = ctypes.CDLL(None)
        self._column = ["x86_64", "aarch64"].index(platform.machine())
        home, project, files = folder / "home", folder / "project", folder / "files"
        secrets = {
            "netrc": home / ".netrc",
            "ssh_key": home / ".ssh" / "id_ed25519",
            "git_config": project / ".git" / "config",
            "other_topic": project / "articles" / "other" / "en.md",
            "cached": cache / "results" / "ab" / "results.json",
        }
        for path in secrets.values():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SECRET)
        files.mkdir()
        for name in _FILES:
            (files / name).write_text("kept")
        (folder / "mountpoint").mkdir()
        (cache / "matplotlib").mkdir(parents=True)
        import runtime

        mark = self._mark = f"marovi-escape-{uuid.uuid4().hex[:8]}"
        self._strays = {
            "shm": Path("/dev/shm") / mark,
            "pyc": Path(runtime.__file__).parent / "__pycache__" / f"{mark}.pyc",
        }
        self._strays["pyc"].parent.mkdir(exist_ok=True)
        self._sockets: dict[str, socket.socket] = {}
        tcp, udp = self._listen("tcp", socket.AF_INET), self._bind("udp", socket.AF_INET, ("127.0.0.1", 0))
        stream, datagram, paired = (str(folder / name) for name in ("stream", "datagram", "paired"))
        self._listen("stream", socket.AF_UNIX, stream)
        self._bind("datagram", socket.AF_UNIX, datagram)
        self._bind("paired", socket.AF_UNIX, paired)
        self._bind("abstract", socket.AF_UNIX, f"\0{mark}")
        self._terminal, slave = os.openpty()
        self._stack.callback(os.close, self._terminal)
        self._stack.callback(os.close, slave)
        self.target = subprocess.Popen(
            [sys.executable, "-c", _TARGET, str(secrets["netrc"]), f"--password={SECRET}"],
            stdout=subprocess.PIPE,
            env={"PASSWORD": SECRET},
        )
        self._stack.callback(self._end)
        assert self.target.stdout is not None
        descriptor = int(self.target.stdout.readline())
        process = f"/proc/{self.target.pid}"
        stack = next(line for line in Path(f"{process}/maps").read_text().splitlines() if "[stack]" in line)
        self.places: dict[str, Any] = {
            **{name: str(path) for name, path in secrets.items()},
            **{name: str(path) for name, path in self._strays.items()},
            "environ": f"{process}/environ",
            "cmdline": f"{process}/cmdline",
            "descriptor": f"{process}/fd/{descriptor}",
            "shadow": "/etc/shadow",
            "files": str(files),
            "matplotlib": str(cache / "matplotlib"),
            "mountpoint": str(folder / "mountpoint"),
            "terminal": os.ttyname(slave),
            "key": int(mark[-7:], 16),
            "target": self.target.pid,
            "stack": int(stack.partition("-")[0], 16),
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "stream": stream,
            "datagram": datagram,
            "paired": paired,
            "mark": mark,
            "calls": dict(self._numbers()),
        }

    def look(self) -> dict[str, object]:
        """Return what can be seen from outside, by the name attempts have for it."""
        files, pid = self._folder / "files", self.target.pid
        seen: dict[str, object] = {name: (files / name).exists() for name in ("deleted", "renamed", "folder", "link")}
        seen |= {name: (files / name).read_text() for name in ("overwritten", "appended", "truncated")}
        seen["files"] = sorted(
            path.name for path in (files / "new", *(self._folder / "home").iterdir()) if path.exists()
        )
        seen["rights"] = (files / "rights").stat().st_mode
        seen["times"] = (files / "times").stat().st_mtime_ns
        seen["xattr"] = os.listxattr(files / "xattr")
        seen["cached"] = Path(self.places["cached"]).read_text()
        seen["matplotlib"] = (Path(self.places["matplotlib"]) / "fontlist.json").exists()
        seen |= {name: path.exists() for name, path in self._strays.items()}
        seen |= {name: bool(select.select([one], [], [], 0)[0]) for name, one in self._sockets.items()}
        seen["terminal"] = bool(select.select([self._terminal], [], [], 0)[0])
        seen["limits"] = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        seen["priority"] = os.getpriority(os.PRIO_PROCESS, pid)
        seen["processors"] = os.sched_getaffinity(pid)
        seen["mounts"] = self.places["mountpoint"] in Path("/proc/self/mounts").read_text()
        seen["key"] = self._call("keyctl", 10, -4, b"user", self._mark.encode(), 0) >= 0
        seen["sysv"] = self._call("shmget", self.places["key"], 0, 0) >= 0
        queue = self._call("mq_open", self._mark.encode(), os.O_RDONLY, 0, None)
        seen["queue"] = queue >= 0
        if queue >= 0:
            os.close(queue)
        return seen | self._signals()

    def close(self) -> None:
        """End and remove everything, also what attempts left."""
        self._stack.close()
        for path in self._strays.values():
            path.unlink(missing_ok=True)
        self._libc.umount2(os.fsencode(self.places["mountpoint"]), 2)
        self._libc.mq_unlink(f"/{self._mark}".encode())
        if (segment := self._call("shmget", self.places["key"], 0, 0)) >= 0:
            self._call("shmctl", segment, 0, None)
        if (key := self._call("keyctl", 10, -4, b"user", self._mark.encode(), 0)) >= 0:
            self._call("keyctl", 9, key, -4)

    def _signals(self) -> dict[str, object]:
        assert self.target.stdout is not None
        if not hasattr(self, "_heard"):
            self._heard = ""
        time.sleep(0.05)
        while select.select([self.target.stdout], [], [], 0)[0]:
            self._heard += os.read(self.target.stdout.fileno(), 4096).decode()
        return {name: self._heard.split().count(name) for name in _SIGNALS} | {"alive": self.target.poll()}

    def _call(self, name: str, *arguments: Any) -> int:
        fitting = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
        return int(self._libc.syscall(ctypes.c_long(self.places["calls"][name]), *fitting))

    def _numbers(self) -> Iterator[tuple[str, int]]:
        groups = (calls.JUDGED, calls.PROCESSES, calls.OTHER_PROCESSES, calls.NETWORK, calls.OUTLASTING, calls.KERNEL)
        for group in groups:
            for name, numbers in group.items():
                number = numbers[self._column]
                if number is not None:
                    yield name, number
        yield "getpid-of-x32", 0x40000000 + 39

    def _listen(self, name: str, family: int, path: str = "") -> socket.socket:
        server = self._bind(name, family, path or ("127.0.0.1", 0), socket.SOCK_STREAM)
        server.listen()
        return server

    def _bind(self, name: str, family: int, address: Any, kind: int = socket.SOCK_DGRAM) -> socket.socket:
        one = self._sockets[name] = self._stack.enter_context(socket.socket(family, kind))
        one.bind(address)
        return one

    def _end(self) -> None:
        self.target.send_signal(signal.SIGKILL)
        self.target.wait()
        assert self.target.stdout is not None
        self.target.stdout.close()
