"""The cells of a stored result against those that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from verify.arithmetic import deduce, signed_cells
from verify.figures import Number
from verify.forms import Form
from verify.stored.comparison import Comparison
from verify.stored.differences import Difference, plain, step
from verify.stored.parts import Stored, StoredCell

Json = Mapping[str, Any]
_MOST_STRANGERS = 30  # named one by one


def _figure(cell: Json) -> int | str | None:
    """The figure that was read; in a rejected report it is the tentative one."""
    found: int | str | None = cell.get("tentative") if cell["value"] is None else cell["value"]
    return found


def compare_cells(
    stored: Stored, derived: Json, length: int, form: Form | None, out: Comparison
) -> None:
    """Hold every cell against what follows, in order of the form, then those that it does not have."""
    verdicts = (stored.text("verdict"), derived["verdict"])
    cells: Mapping[str, Json] = derived["cells"]
    read: dict[str, Number | None] = {
        name: Decimal(figure) if isinstance(figure := _figure(cell), str) else figure
        for name, cell in cells.items()
        if cell["state"] in ("read", "entered")
    }
    one_rejected = sum(verdict == "rejected" for verdict in verdicts) == 1
    compared = _Cells(out, length, form, read, one_rejected)
    for name, cell in cells.items():
        if name in stored.cells:
            compared.compare(name, stored.cells[name], cell)
        else:
            path = step("$.cells", name)
            out.wrong.append(Difference("missing_cell", path, name, derived=cell["state"]))
    strangers = stored.strangers if cells else [*stored.cells, *stored.strangers]
    if len(strangers) > _MOST_STRANGERS:
        named = [*strangers[:3], f"{len(strangers) - 3} more"]
        out.wrong.append(Difference("unknown_cell", "$.cells", stored=named))
    else:
        out.wrong += [Difference("unknown_cell", step("$.cells", n), n) for n in strangers]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Holds cells against cells.

    Attributes:
        out: Where differences go.
        length: Of the source.
        form: Of what follows.
        read: Its figures that are read.
        one_rejected: Whether one of both is rejected and the other is not: that is said of the
            verdict, and of the cells only whether their figures are the same.
    """

    out: Comparison
    length: int
    form: Form | None
    read: Mapping[str, Number | None]
    one_rejected: bool

    def compare(self, name: str, cell: StoredCell, derived: Json) -> None:
        span = tuple(derived["span"]) if derived["span"] else None

        def one(key: str, stored: Any, follows: Any, *, kind: str = "") -> Difference:
            path = step(step("$.cells", name), key)
            shown = plain(stored) if key == "place" else stored
            return Difference(kind or key, path, name, shown, follows, span)

        given = list(cell.span) if isinstance(cell.span, tuple) else cell.span
        if isinstance(cell.span, tuple) and not 0 <= cell.span[0] <= cell.span[1] <= self.length:
            path = step(step("$.cells", name), "span")
            self.out.wrong.append(Difference("span_outside", path, name, given, derived["span"]))
        else:
            self.out.hold(one("span", given, span))
        self.out.hold(one("text", cell.text, derived["text"]))
        amounts = [
            ("value", cell.value, derived["value"]),
            ("tentative", cell.tentative, derived.get("tentative")),
        ]
        if self.one_rejected:
            figure = cell.tentative if cell.value is None else cell.value
            amounts = [("value", figure, _figure(derived))]
        for key, stored, follows in amounts:
            self._amount(one(key, stored, follows))
        self.out.hold(one("state", cell.state, derived["state"]))
        self.out.hold(one("was", cell.was, derived.get("was")))
        self._amount(one("derived", cell.derived, derived.get("derived")))
        self.out.hold(one("remark", cell.remark, derived.get("remark")), may_lack=True)
        self.out.hold(one("place", cell.place, derived.get("place")), may_lack=True)
        self.out.hold(
            one("proof", cell.proof, derived.get("proof")),
            may_lack=derived["state"] != "deduced",
            alike="other_proof",
            is_alike=lambda: self._proves(name, cell.proof, derived),
        )

    def _amount(self, difference: Difference) -> None:
        stored, derived = difference.stored, difference.derived
        money = isinstance(stored, str) and isinstance(derived, str)
        self.out.hold(
            difference,
            may_lack=difference.kind != "value",
            alike="same_amount",
            is_alike=lambda: money and Decimal(stored) == Decimal(derived),
        )

    def _proves(self, name: str, proof: Any, derived: Json) -> bool:
        """Whether these identities alone leave the value that follows."""
        if not proof or self.form is None:
            return False
        used = [identity for identity in self.form.identities if identity.id in set(proof)]
        if len(used) != len(set(proof)):
            return False
        value = derived["value"] if derived["state"] == "deduced" else derived.get("derived")
        follows = deduce(used, self.read, signed_cells(self.form)).values
        return name in follows and follows[name] == value
