"""From the verifier's answer to the result of the contract."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

from verify.cells import CellPlace, CellValue
from verify.decisions import Applied
from verify.figures import Number
from verify.findings import Finding
from verify.forms import FormId
from verify.judge import Verified
from verify.localise import Suspicion
from verify.prose import Compared
from verify.provenance import Provenance, Strict
from verify.schema import SCHEMA_VERSION, Claim, Identities, Reason, Report, Result, Slip, Suspects
from verify.schema_parts import Before, DecisionMade

M = TypeVar("M", bound=Strict)
_ALWAYS = ("value", "state", "text", "span")
_MISSING = '{"value":null,"state":"missing","text":null,"span":null}'
_encoded = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=CellPlace.as_dict
).encode


def to_result(verified: Verified, provenance: Provenance) -> Result:
    """The verifier's answer in the words of the contract."""
    # Plain cells, so that each of 200 is checked once, as part of the whole.
    cells = {name: _to_cell(cell) for name, cell in verified.cells.items()}
    return Result.model_validate({**_parts(verified, provenance), "cells": cells})


def unchecked_json(verified: Verified, provenance: Provenance) -> str:
    """What `to_result` gives as JSON on one line, its cells not checked; some three times as fast.

    Only to be compared with a result that was checked when it was made: where both are the same text, nothing needs
    to be checked again. Never to be stored or shown.
    """
    parts = {"schema_version": SCHEMA_VERSION, **_parts(verified, provenance), "cells": {}}
    whole = Result.model_construct(**parts).model_dump_json()
    said_of = [_cell_json(cell) for cell in verified.cells.values()]
    cells = ",".join(map(str.__add__, _keys(tuple(verified.cells)), said_of))
    # within a string the quotes would be escaped
    return whole.replace('"cells":{}', f'"cells":{{{cells}}}', 1)


@lru_cache(maxsize=16)  # one for each form
def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f'"{name}":' for name in names)


def _parts(verified: Verified, provenance: Provenance) -> dict[str, Any]:
    """All of a result but its cells."""
    checked = verified.checked
    return {
        "verdict": verified.verdict,
        "reasons": tuple(map(_to_reason, verified.findings)),
        "report": Report(
            agency=verified.agency,
            year=verified.year,
            form=cast(FormId, verified.form.id) if verified.form else None,
        ),
        "identities": Identities(
            held=len(checked.held), failed=len(checked.failed), not_evaluable=len(checked.open)
        ),
        "suspects": tuple(_to_suspects(s, verified) for s in verified.suspects),
        "claims": tuple(map(_to_claim, verified.claims)),
        "decisions": tuple(map(_to_decision, verified.decisions)),
        "provenance": provenance,
    }


def _cell_json(cell: CellValue) -> str:
    text, span, value = cell.text, cell.span, cell.value
    bare = cell.remark is None and cell.place is None
    if bare and cell.state == "read" and value is not None and text and span and text.isdecimal():
        shown = value if type(value) is int else f'"{value:f}"'
        return f'{{"value":{shown},"state":"read","text":"{text}","span":[{span[0]},{span[1]}]}}'
    if bare and cell.state == "missing" and not cell.proof and text is None and span is None:
        return _MISSING
    return _encoded(
        {key: value for key, value in _to_cell(cell).items() if value is not None or key in _ALWAYS}
    )


def _like(model: type[M], one: object, **more: Any) -> M:
    """A model with the fields that another object calls the same, and further ones."""
    same = {name: getattr(one, name) for name in model.model_fields if hasattr(one, name)}
    return model(**{**same, **more})


def _to_reason(finding: Finding) -> Reason:
    return _like(
        Reason,
        finding,
        severity=finding.level,
        by=finding.by or None,
        message_zh=finding.message("zh"),
        message_en=finding.message("en"),
    )


def _to_suspects(suspicion: Suspicion, verified: Verified) -> Suspects:
    concerned = {
        name
        for identity in verified.checked.failed
        if identity.id in suspicion.identities
        for name in identity.cells
    }
    return _like(
        Suspects,
        suspicion,
        slips=tuple(_like(Slip, s, message_zh=s.zh, message_en=s.en) for s in suspicion.slips),
        claims=tuple(
            number
            for number, compared in enumerate(verified.claims)
            if compared.outcome in ("agrees", "contradicts")
            and concerned.intersection(compared.cells)
        ),
    )


def _to_claim(compared: Compared) -> Claim:
    return _like(
        Claim,
        compared.claim,
        value=_to_value(compared.claim.value),
        outcome=compared.outcome,
        cells=compared.cells,
        actual=_to_value(compared.actual),
    )


def _to_decision(applied: Applied) -> DecisionMade:
    made, cell = DecisionMade.row(applied.decision), applied.before
    if cell is None:
        return made
    return made.model_copy(
        update={
            "before": Before.model_validate(
                {"state": cell.state, "text": cell.text, "span": cell.span}
            )
        }
    )


def _to_cell(cell: CellValue) -> dict[str, object]:
    """The fields of a `Cell`, to be checked with the whole result."""
    fields: dict[str, object] = {
        "value": _to_value(cell.value),
        "state": cell.state,
        "text": cell.text,
        "span": cell.span,
    }
    if cell.state != "read":
        fields["was"] = cell.was
        fields["proof"] = cell.proof or None
        fields["derived"] = _to_value(cell.derived)
    if cell.tentative is not None:
        fields["tentative"] = _to_value(cell.tentative)
    if cell.remark is not None:
        fields["remark"] = cell.remark
    if cell.place is not None:
        fields["place"] = cell.place
    return fields


def _to_value(value: Number | None) -> int | str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value
