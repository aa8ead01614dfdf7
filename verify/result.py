"""From the verifier's answer to the result of the contract."""

from __future__ import annotations

from decimal import Decimal

from verify.cells import CellValue
from verify.figures import Number
from verify.localise import Suspicion
from verify.prose import Compared
from verify.schema import (
    Cell,
    Claim,
    Identities,
    Provenance,
    Reason,
    Report,
    Result,
    Slip,
    Suspects,
)
from verify.verdict import Verified


def to_result(verified: Verified, provenance: Provenance) -> Result:
    """The verifier's answer in the words of the contract."""
    checked = verified.checked
    return Result(
        verdict=verified.verdict,
        reasons=tuple(
            Reason(
                code=f.code, severity=f.level, rule=f.rule, by=f.by or None, cells=f.cells, expected=f.expected,
                actual=f.actual, span=f.span, other_span=f.other_span,
                previous_span=f.previous_span,
                message_zh=f.message("zh"), message_en=f.message("en"),
            )
            for f in verified.findings
        ),
        report=Report(
            agency=verified.agency, year=verified.year,
            form=verified.form.id if verified.form else None,
        ),
        cells={name: _to_cell(cell) for name, cell in verified.cells.items()},
        identities=Identities(
            held=len(checked.held), failed=len(checked.failed), not_evaluable=len(checked.open)
        ),
        suspects=tuple(_to_suspects(s, verified) for s in verified.suspects),
        claims=tuple(map(_to_claim, verified.claims)),
        provenance=provenance,
    )  # fmt: skip


def _to_suspects(suspicion: Suspicion, verified: Verified) -> Suspects:
    concerned = {
        name
        for identity in verified.checked.failed
        if identity.id in suspicion.identities
        for name in identity.cells
    }
    return Suspects(
        identities=suspicion.identities,
        sets=suspicion.sets,
        needed=suspicion.needed,
        slips=tuple(
            Slip(operation=s.operation, cells=s.cells, message_zh=s.zh, message_en=s.en)
            for s in suspicion.slips
        ),
        doubtful=suspicion.doubtful,
        fault=suspicion.fault,
        claims=tuple(
            number
            for number, compared in enumerate(verified.claims)
            if compared.outcome in ("agrees", "contradicts")
            and concerned.intersection(compared.cells)
        ),
    )


def _to_claim(compared: Compared) -> Claim:
    claim = compared.claim
    return Claim(
        subject=claim.subject,
        value=_to_value(claim.value),
        text=claim.text,
        span=claim.span,
        sentence=claim.sentence,
        scope=claim.scope,
        outcome=compared.outcome,
        cells=compared.cells,
        actual=_to_value(compared.actual),
    )


def _to_cell(cell: CellValue) -> Cell:
    if cell.state == "read":
        return Cell(value=_to_value(cell.value), state="read", text=cell.text, span=cell.span)
    return Cell(
        value=_to_value(cell.value), state=cell.state, text=cell.text, span=cell.span,
        was=cell.was,
        proof=cell.proof or None, derived=_to_value(cell.derived),
    )  # fmt: skip


def _to_value(value: Number | None) -> int | str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value
