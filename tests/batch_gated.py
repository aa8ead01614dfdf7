"""`extract batch` with reports that take as long as a test wants: each waits at a gate.

``python -m tests.batch_gated batch …`` is the command itself; only its reader waits over every report that says
``TRAP-GATE``, until the test lets go of a lock. So a run is in the middle for as long as it takes to look at it,
on a machine however slow.
"""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.batch_rungs import Trapped


@contextmanager
def closed(gate: Path) -> Iterator[Path]:
    """Close a gate; it opens with the end of the ``with`` block, however that ends."""
    with gate.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield gate


def main() -> int:
    """Run the command, with another reader in its workers."""
    from extractor import cli
    from extractor.batch import readers
    from extractor.batch.unit import Settings

    vars(readers)["Settings"] = partial(Settings, rungs=(Trapped(),))
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
