"""What article code may try: each attempt a few lines that get something they should not, or raise OSError.

The lines are the body of a function. They see `world`, which says where things are, and `call`, which makes a system
call by its name. What they return must be true when they got what they wanted.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

PRELUDE = """
import ctypes, fcntl, os, pathlib, resource, signal, socket, struct, subprocess, sys, time
Path = pathlib.Path
libc = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    fitting = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = libc.syscall(ctypes.c_long(world['calls'][name]), *fitting)
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result

def c(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), 'C')
    return True

def tell(name, action):
    try:
        print(name, 'got' if action() else 'nothing', flush=True)
    except OSError as error:
        print(name, type(error).__name__, error.errno, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """`changes` names what can be seen from outside if it works; a kernel or user may `often` not allow it anyway."""

    name: str
    body: str
    changes: str = ""
    often: bool = True

    @property
    def source(self) -> str:
        """The attempt as Python that prints its name and what came of it."""
        body = textwrap.indent(textwrap.dedent(self.body).strip("\n"), "    ")
        return f"def attempt():\n{body}\ntell({self.name!r}, attempt)\n"


def _reads(name: str, path: str, often: bool = True) -> Attempt:
    return Attempt(
        f"read-{name}", f"return {'secret' if often else 'root'!r} in Path(world[{path!r}]).read_text()", "", often
    )


READING = (
    _reads("netrc", "netrc"),
    _reads("ssh-key", "ssh_key"),
    _reads("git-config", "git_config"),
    _reads("other-topic", "other_topic"),
    _reads("cache", "cached"),
    _reads("environment-of-a-process", "environ"),
    _reads("command-line-of-a-process", "cmdline"),
    _reads("open-file-of-a-process", "descriptor"),
    _reads("shadow", "shadow", often=False),
    Attempt("list-processes", "return os.listdir('/proc')"),
    Attempt("list-home", "return os.listdir(Path(world['netrc']).parent)"),
    Attempt(
        "read-through-a-link",
        """
        os.symlink(world['netrc'], 'link')
        return 'secret' in open('link').read()
        """,
    ),
    Attempt("read-through-root", "return 'secret' in open('/proc/self/root' + world['netrc']).read()"),
    Attempt(
        "read-through-a-folder",
        """
        home = os.open(Path(world['netrc']).parent, os.O_PATH)
        return b'secret' in os.read(os.open('.netrc', os.O_RDONLY, dir_fd=home), 100)
        """,
    ),
    Attempt(
        "read-a-hard-link",
        """
        os.link(world['netrc'], world['netrc'] + '.link')
        return 'secret' in Path(world['netrc'] + '.link').read_text()
        """,
        "files",
    ),
    Attempt(
        "read-memory-of-a-process",
        """
        for line in open(f"/proc/{world['target']}/maps"):
            if '[stack]' in line:
                start = int(line.split('-')[0], 16)
        with open(f"/proc/{world['target']}/mem", 'rb', 0) as memory:
            memory.seek(start)
            return memory.read(1) is not None
        """,
        often=False,
    ),
    Attempt(
        "copy-memory-of-a-process",
        """
        start = world['stack']
        buffer = ctypes.create_string_buffer(8)
        mine = struct.pack('PN', ctypes.addressof(buffer), 8)
        return call('process_vm_readv', world['target'], mine, 1, struct.pack('PN', start, 8), 1, 0)
        """,
        often=False,
    ),
    Attempt(
        "trace-a-process",
        """
        call('ptrace', 16, world['target'], 0, 0)
        os.waitpid(world['target'], 0x40000000)
        return c(libc.ptrace(17, world['target'], None, None))
        """,
        often=False,
    ),
)

WRITING = (
    Attempt("write-a-new-file", "return Path(world['files'], 'new').write_text('x')", "files"),
    Attempt("overwrite", "return Path(world['files'], 'overwritten').write_text('x')", "overwritten"),
    Attempt("append", "return open(Path(world['files'], 'appended'), 'a').write('x')", "appended"),
    Attempt("truncate", "os.truncate(Path(world['files'], 'truncated'), 0); return True", "truncated"),
    Attempt("delete", "os.unlink(Path(world['files'], 'deleted')); return True", "deleted"),
    Attempt(
        "rename", "os.rename(Path(world['files'], 'renamed'), Path(world['files'], 'other')); return True", "renamed"
    ),
    Attempt("make-a-folder", "Path(world['files'], 'folder').mkdir(); return True", "folder"),
    Attempt("make-a-link", "Path(world['files'], 'link').symlink_to('/'); return True", "link"),
    Attempt("change-rights", "Path(world['files'], 'rights').chmod(0o777); return True", "rights"),
    Attempt("change-times", "os.utime(Path(world['files'], 'times'), (1, 1)); return True", "times"),
    Attempt(
        "set-an-attribute",
        "os.setxattr(Path(world['files'], 'xattr'), 'user.a', b'b'); return True",
        "xattr",
        often=False,
    ),
    Attempt("write-shared-memory", "return Path(world['shm']).write_text('x')", "shm"),
    Attempt("poison-compiled-code", "return Path(world['pyc']).write_text('x')", "pyc"),
    Attempt("poison-matplotlib", "return Path(world['matplotlib'], 'fontlist.json').write_text('x')", "matplotlib"),
    Attempt("poison-the-cache", "return Path(world['cached']).write_text('x')", "cached"),
    Attempt(
        "write-to-a-terminal",
        "return os.write(os.open(world['terminal'], os.O_WRONLY | os.O_NOCTTY), b'x')",
        "terminal",
    ),
    Attempt("keep-a-key", "return call('add_key', b'user', world['mark'].encode(), b'x', 1, -4)", "key", often=False),
    Attempt("keep-shared-memory", "return call('shmget', world['key'], 4096, 0o1600) >= 0", "sysv"),
    Attempt(
        "keep-a-queue",
        "return call('mq_open', world['mark'].encode(), os.O_CREAT | os.O_RDWR, 0o600, None)",
        "queue",
        often=False,
    ),
    Attempt("take-uncounted-memory", "return os.memfd_create('a')"),
)

PROCESSES = (
    Attempt("fork", "return os.fork() or os._exit(0)"),
    Attempt("clone", "return call('clone', 17, 0, 0, 0, 0) or os._exit(0)"),
    Attempt("clone3", "return call('clone3', struct.pack('4QQ6Q', 0, 0, 0, 0, 17, *[0] * 6), 88) or os._exit(0)"),
    Attempt("vfork", "return subprocess.run(['true']).returncode == 0"),
    Attempt("posix-spawn", "return os.posix_spawn('/bin/true', ['true'], {})"),
    Attempt("daemon", "return os.fork() or (os.setsid(), time.sleep(0.2), os._exit(0))"),
)

OTHER_PROCESSES = (
    Attempt("signal", "os.kill(world['target'], signal.SIGUSR1); return True", "USR1"),
    Attempt("signal-a-thread", "return c(call('tgkill', world['target'], world['target'], signal.SIGUSR2))", "USR2"),
    Attempt(
        "signal-through-a-descriptor",
        "signal.pidfd_send_signal(os.pidfd_open(world['target']), signal.SIGWINCH); return True",
        "WINCH",
    ),
    Attempt(
        "signal-by-the-kernel",
        """
        one, other = socket.socketpair()
        fcntl.fcntl(one, fcntl.F_SETOWN, world['target'])
        fcntl.fcntl(one, 10, signal.SIGCONT)
        fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        return other.send(b'x')
        """,
        "CONT",
    ),
    Attempt(
        "signal-by-a-socket",
        """
        one, other = socket.socketpair()
        fcntl.ioctl(one, 0x8901, struct.pack('i', world['target']))
        fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        return other.send(b'x')
        """,
        "IO",
    ),
    Attempt(
        "limit-a-process",
        """
        hard = resource.prlimit(world['target'], resource.RLIMIT_NOFILE)[1]
        return resource.prlimit(world['target'], resource.RLIMIT_NOFILE, (99, hard))
        """,
        "limits",
    ),
    Attempt("slow-a-process", "os.setpriority(os.PRIO_PROCESS, world['target'], 19); return True", "priority"),
    Attempt("move-a-process", "os.sched_setaffinity(world['target'], {0}); return True", "processors"),
    Attempt("outlive-the-build", "return c(libc.prctl(1, 0, 0, 0, 0))"),
    Attempt("hide-from-the-build", "return c(libc.prctl(4, 0, 0, 0, 0)) and c(libc.prctl(4, 1, 0, 0, 0))"),
)

NETWORK = (
    Attempt("tcp", "return socket.create_connection(('127.0.0.1', world['tcp']), 1)", "tcp"),
    Attempt("udp", "return socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', world['udp']))", "udp"),
    Attempt("listen", "return socket.create_server(('127.0.0.1', 0))"),
    Attempt("local-stream", "socket.socket(socket.AF_UNIX).connect(world['stream']); return True", "stream"),
    Attempt(
        "local-datagram",
        "return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', world['datagram'])",
        "datagram",
    ),
    Attempt(
        "local-datagram-from-a-pair",
        "return socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', world['paired'])",
        "paired",
    ),
    Attempt(
        "abstract-datagram-from-a-pair",
        "return socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', '\\0' + world['mark'])",
        "abstract",
    ),
    Attempt("netlink", "return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"),
    Attempt("raw-packets", "return socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", often=False),
    Attempt("io-uring", "return call('io_uring_setup', 1, ctypes.create_string_buffer(120))", often=False),
)

KERNEL = (
    Attempt("bpf", "return call('bpf', 0, struct.pack('4I', 2, 4, 4, 1) + bytes(100), 116)", often=False),
    Attempt(
        "perf",
        "return call('perf_event_open', struct.pack('II', 1, 112) + bytes(104), 0, -1, -1, 0)",
        often=False,
    ),
    Attempt("userfaultfd", "return call('userfaultfd', 1)", often=False),
    Attempt("inotify", "return c(libc.inotify_init1(0))"),
    Attempt(
        "mount",
        "return c(libc.mount(b'a', os.fsencode(world['mountpoint']), b'tmpfs', ctypes.c_ulong(0), None))",
        "mounts",
        often=False,
    ),
    Attempt("chroot", "os.chroot('/'); return True", often=False),
    Attempt(
        "file-handles",
        """
        handle, mount = ctypes.create_string_buffer(struct.pack('Ii', 128, 0), 136), ctypes.create_string_buffer(8)
        return call('name_to_handle_at', -100, b'/', handle, mount, 0) == 0
        """,
        often=False,
    ),
    Attempt("kernel-log", "return call('syslog', 10, 0, 0)", often=False),
    Attempt("new-rights", "return c(libc.unshare(0x10000000))", often=False),
    Attempt("call-of-another-architecture", "return call('getpid-of-x32')", often=False),
    Attempt(
        "call-of-an-older-architecture",
        """
        import mmap, platform
        if platform.machine() != 'x86_64':
            os.stat('/missing')
        code = mmap.mmap(-1, 4096, prot=7)
        code.write(bytes.fromhex('b814000000cd80c3'))  # mov eax, 20; int 0x80; ret: getpid as on 32 bits
        result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
        return result if result >= 0 else os.stat('/missing')
        """,
        often=False,
    ),
)

ATTEMPTS = (*READING, *WRITING, *PROCESSES, *OTHER_PROCESSES, *NETWORK, *KERNEL)
