"""The verdicts of the contract, once: every other list of them is made from these."""

from __future__ import annotations

from typing import Literal, get_args

ForcedVerdict = Literal["unsupported", "rejected", "inconsistent", "incomplete", "unconfirmed"]
"""A verdict that one reason is enough for; see `verify.codes.Code.forces`."""
VerdictName = Literal[ForcedVerdict, "completed", "accepted"]

FORCED: tuple[ForcedVerdict, ...] = get_args(ForcedVerdict)
"""In the order of the contract: the first of these that a reason forces applies."""
VERDICTS: tuple[VerdictName, ...] = get_args(VerdictName)
"""All seven, in the order of the contract."""
GOOD: tuple[VerdictName, ...] = ("accepted", "completed")
"""The report can be used as it is; all the others need a person, another reader or another source."""
BEST_FIRST: tuple[VerdictName, ...] = (
    *GOOD,
    "unconfirmed",
    "inconsistent",
    "incomplete",
    "rejected",
    "unsupported",
)
"""By merit: which of several readings of one report is the better one."""
