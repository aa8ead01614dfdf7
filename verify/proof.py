"""Whether it is proven that a source is wrong, where its figures do not fit together."""

from __future__ import annotations

from collections.abc import Sequence

from verify.codes import CODES
from verify.findings import Finding
from verify.rules.check import rule

_OPEN = (
    "remark",
    "header_unread",
    "figure_beside",
    "label_reworded",
    "named_by_model",
    "named_by_lexicon",
    "recognition_unsure",
)
"""What leaves it open whether the figures are what the source says."""


@rule("proof", severity="error", codes=("not_proven", "recognition_unsure"))
def not_proven(
    findings: Sequence[Finding],
    added: frozenset[str] = frozenset(),
    entered: frozenset[str] = frozenset(),
    seen: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Say that the source is not proven to be wrong, where an open remark or a named row touches every failure.

    A remark touches a failed identity of whose cells it stands beside one, and a copy of a table when it
    stands in the copy. A figure of a scan that was not recognised alike counts as a remark, and so does a row
    that is added to the form, where sums lack just its figures. So does a figure that a person entered, unless
    a person says as well that the source does not balance there.

    Args:
        findings: All so far.
        added: Identities that lack just the figures of such a row.
        entered: Cells whose figures a person entered.
        seen: Identities of which a person says that they fail in the source.
    """
    failures = [f for f in findings if CODES[f.code].forces == "inconsistent"]
    unread = [f for f in findings if f.code == "recognitions_differ"]
    remarks = [f for f in findings if f.code in _OPEN]
    touched = {name for f in remarks for name in f.cells}
    copied = any(f.by == "copy" for f in remarks)
    if not failures or not (remarks or unread or added or entered):
        return []
    for failure in failures:
        if failure.code == "copies_differ" and copied:
            continue
        if failure.code == "blanks_impossible" and unread:
            continue  # of a blank of the scan that is none
        if failure.rule in added:
            continue
        if touched.isdisjoint(failure.cells) and (
            entered.isdisjoint(failure.cells) or failure.rule in seen
        ):
            return []
    failed = {name for failure in failures for name in failure.cells}
    touching = [f for f in remarks if not failed.isdisjoint(f.cells)]
    rows = [f for f in findings if f.code == "local_row"] if added else []
    if not (touching or rows or unread or remarks):
        zh, en = "其中有人工填入的数字", "a figure of theirs was entered by a person"
        return [Finding("not_proven", failures[0].cells, detail_zh=zh, detail_en=en)]
    first = (touching or rows or unread or remarks)[0]
    said = first.actual or ""
    if first.code.startswith("recognition"):
        zh, en = f"识别不一的“{said}”", f"{said!r} is not recognised alike"
    elif first.code == "local_row":
        zh, en = f"表式没有的一行“{said}”", f"a row that the form does not have, {said!r}"
    elif first.code == "header_unread":
        zh, en = "表头未写明的列", "a column that no header names"
    else:
        zh, en = f"旁注“{said}”", f"{said!r}"
    return [Finding("not_proven", failures[0].cells, detail_zh=zh, detail_en=en)]
