"""Where ``extract`` begins, which ``python -m extractor`` is as well.

Until the command line is there, which says in one line that it was interrupted, Ctrl-C ends the program
without a word; a traceback tells nobody anything. So this module imports next to nothing.
"""

from __future__ import annotations

import signal

_INTERRUPTED = 130


def start() -> int:
    """Run the command line and return its exit code."""
    heard = (
        signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )  # not ignored, as by nohup
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from extractor.cli import main

    if not heard:
        return main()
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return main()
    except KeyboardInterrupt:  # before its first line, or behind its last
        return _INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    raise SystemExit(start())
