"""`verify`: a source and a reading in, figures, findings and a verdict out.

It has two halves. `ground` takes from the source, under the reading, all that a verdict needs; `judge`
gives the verdict on what was taken, and needs neither source nor layout. What stands between them is
plain data (`verify.grounded`), so it can be kept and judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from verify.decisions import Decision
from verify.ground import ground
from verify.grounded import Grounded
from verify.judge import Verified, decide, judge
from verify.layout import Layout, lay_out
from verify.reading import Reading

__all__ = ["Grounded", "Verified", "decide", "ground", "judge", "verify"]


def verify(source: str | Layout, reading: Reading, decisions: Sequence[Decision] = ()) -> Verified:
    """Verify a reading against its source.

    Args:
        source: The decoded text, or its layout when that was made already.
        reading: Where a reader says that each cell stands; of whatever maker.
        decisions: Of people, on this report: those that count (`verify.decisions.standing`).

    Returns:
        Cells, findings and the verdict. Never raises for what a report or a reading holds.
    """
    layout = source if isinstance(source, Layout) else lay_out(source)
    return judge(ground(layout, reading), decisions)
