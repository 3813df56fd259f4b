"""The command `marovi` as it is installed: run by a process that waits for it, or else by this one."""

from __future__ import annotations

import sys

from pipeline.waiting.asking import answered


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        code = answered(sys.argv[1:])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    if code is not None:
        return code
    from pipeline import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
