"""The typed diff of two results: a stored one against what its source and spans give, field by field.

Values, states, errors and the verdict must follow whoever made the result. A result of this very version
must also have the same warnings, remarks, proofs and messages; another version or maker may say less or
more beside them, and that is noted. Findings that come from outside the verifier are the maker's word.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import reduce
from itertools import zip_longest
from operator import getitem
from typing import Any

from verify.arithmetic import deduce, signed_cells
from verify.forms import Form
from verify.stored.differences import UNKNOWN, Diff, Difference, canonical, pair, path_of, plain
from verify.stored.reasons import compare_reasons
from verify.stored.shape import Stored, span_of

Json = Mapping[str, Any]
_MOST_STRANGERS = 30  # named one by one
_KEYS = ("span", "text", "value", "state")  # that every cell has
_BESIDE = ("tentative", "was", "derived", "remark", "place", "proof")
_AMOUNTS = ("value", "tentative", "derived")
_MAY_LACK = ("tentative", "derived", "remark", "place")  # of another maker
_SOURCE = {
    "sha256": "source_hash",
    "chars": "source_chars",
    "encoding": "source_encoding",
    "media_type": "source_kind",
    "renderer": "source_kind",
}
"""What is said of the source, each with the kind of its difference."""
_WHOLE = {
    ("verdict",): "verdict",
    ("report", "agency"): "agency",
    ("report", "year"): "year",
    ("identities", "held"): "identities",
    ("identities", "failed"): "identities",
    ("identities", "not_evaluable"): "identities",
}


def made_here(stored: Stored, provenance: Json) -> bool:
    """Whether the result says that this very version made it.

    Args:
        stored: The result.
        provenance: Of a result of this version.
    """
    keys = ("version", "form_data")
    return not stored.is_older and all(
        stored.get("provenance", key) == provenance[key] for key in keys
    )


def compare(
    stored: Stored, derived: Json, text: str, form: Form | None, on_word: Collection[int]
) -> Diff:
    """Hold a stored result against what follows.

    Args:
        stored: The result, with what is wrong with its shape already.
        derived: What follows, as the contract's JSON.
        text: The source.
        form: The form of what follows.
        on_word: Places, in the list of reasons, of those that are taken on the maker's word.
    """
    diff = Diff(
        made_here(stored, derived["provenance"]), wrong=list(stored.wrong), notes=list(stored.notes)
    )
    _compare_versions(stored, derived["provenance"], diff)
    _compare_source(stored, derived["provenance"]["source"], text, diff)
    _compare_cells(stored, derived, len(text), form, diff)
    for keys, kind in _WHOLE.items():
        follows = reduce(getitem, keys, derived)
        given = stored.get(*keys)
        alike = "other_name" if keys[0] == "report" and _is_printed(given, follows, text) else ""
        diff.differ(kind, path_of(*keys), given, follows, alike=alike)
    if derived["report"]["form"] is None and not stored.data["cells"]:
        diff.differ("form", "$.report.form", stored.get("report", "form"), None)
    compare_reasons(stored, derived["reasons"], on_word, diff)
    _compare_lists(stored, derived, diff)
    return diff


def _compare_versions(stored: Stored, here: Json, diff: Diff) -> None:
    """Say which version or other maker made the result."""
    if not diff.strict:
        given = [stored.get("provenance", key) for key in ("version", "form_data")]
        given = [None if one is UNKNOWN else plain(one) for one in given]
        own = [here["version"], here["form_data"]]
        diff.notes.append(
            Difference("other_version", "$.provenance.version", stored=given, derived=own)
        )
    if stored.is_older:
        diff.notes.append(Difference("older_schema", "$.schema_version", stored="1"))
    else:
        diff.differ("schema_version", "$.schema_version", stored.get("schema_version"), "2")


def _compare_source(stored: Stored, here: Json, text: str, diff: Diff) -> None:
    for key, kind in _SOURCE.items():
        follows = here.get(key)
        given = stored.get("provenance", "source", key)
        if key == "sha256" and not diff.strict and isinstance(given, str):
            given = given.lower()
        if kind == "source_kind":
            alike = kind
        else:
            same = key == "encoding" and _decodes(given, str(follows), text)
            alike = kind if same else ""
        diff.differ(kind, path_of("provenance", "source", key), given, follows, alike=alike)


def _decodes(encoding: Any, own: str, text: str) -> bool:
    """Whether a codec of another name may have decoded the same bytes to the same text."""
    try:
        if codecs.lookup(encoding).name == codecs.lookup(own).name:
            return True
        same: bool = text.encode(encoding) == text.encode(own)
    except (LookupError, UnicodeError, TypeError, ValueError):
        return False
    return same or encoding.lower().replace("_", "-") == f"{own}-sig"


def _is_printed(given: Any, wanted: Any, text: str) -> bool:
    """Whether an agency is named in other words of the source, or a year that was not found here."""
    if isinstance(given, str):
        return bool(given.strip()) and given in text
    return isinstance(given, int) and wanted is None and str(given) in text


# --- cells ----------------------------------------------------------------------------------------


def _compare_cells(
    stored: Stored, derived: Json, length: int, form: Form | None, diff: Diff
) -> None:
    """Hold every cell against what follows, in order of the form, then those that it does not have."""
    cells: Mapping[str, Json] = derived["cells"]
    verdicts = (stored.text("verdict"), derived["verdict"])
    # that is said of the verdict, and of the cells only whether their figures are the same
    one_rejected = sum(verdict == "rejected" for verdict in verdicts) == 1
    read = {
        name: Decimal(figure) if isinstance(figure := _figure(cell), str) else figure
        for name, cell in cells.items()
        if cell["state"] in ("read", "entered")
    }

    def proves(name: str, proof: Any) -> bool:
        """Whether these identities alone leave the value that follows."""
        used = [one for one in form.identities if one.id in set(proof)] if form and proof else []
        if form is None or not used or len(used) != len(set(proof)):
            return False
        value = cells[name]["value" if cells[name]["state"] == "deduced" else "derived"]
        follows = deduce(used, read, signed_cells(form)).values
        return name in follows and follows[name] == value

    for name, cell in cells.items():
        given = stored.cells.get(name)
        if given is None:
            path = path_of("cells", name)
            diff.wrong.append(Difference("missing_cell", path, name, derived=cell["state"]))
            continue
        as_seen = _with_its_figure if one_rejected else dict
        _compare_cell(name, as_seen(given), as_seen(cell), length, proves, diff)
    strangers = stored.strangers if cells else [*stored.cells, *stored.strangers]
    if len(strangers) > _MOST_STRANGERS:
        named = [*strangers[:3], f"{len(strangers) - 3} more"]
        diff.wrong.append(Difference("unknown_cell", "$.cells", stored=named))
    else:
        diff.wrong += [Difference("unknown_cell", path_of("cells", n), n) for n in strangers]


def _figure(cell: Json) -> Any:
    """The figure that was read; in a rejected report it is the tentative one."""
    value = cell.get("value", UNKNOWN)
    return cell.get("tentative") if value is None else value


def _with_its_figure(cell: Json) -> Json:
    return {**cell, "value": _figure(cell), "tentative": None}


def _compare_cell(
    name: str,
    given: Json,
    derived: Json,
    length: int,
    proves: Callable[[str, Any], bool],
    diff: Diff,
) -> None:
    where = span_of(derived["span"])
    for key in (*_KEYS, *_BESIDE):
        value, follows = given.get(key, UNKNOWN if key in _KEYS else None), derived.get(key)
        kind, alike = key, ""
        if key == "span" and (span := span_of(value)) and not 0 <= span[0] <= span[1] <= length:
            kind = "span_outside"
        elif value is None and not diff.strict and key in _MAY_LACK:
            continue
        elif key == "proof":
            if value is None and not diff.strict and derived["state"] != "deduced":
                continue
            alike = "other_proof" if not diff.strict and proves(name, value) else ""
        elif key in _AMOUNTS and isinstance(value, str) and isinstance(follows, str):
            alike = "same_amount" if Decimal(value) == Decimal(follows) else ""
        path = path_of("cells", name, key)
        diff.differ(kind, path, value, follows, alike=alike, cell=name, span=where)


# --- lists ----------------------------------------------------------------------------------------


def _compare_lists(stored: Stored, derived: Json, diff: Diff) -> None:
    """Hold suspects, claims of the prose and decisions of people against what follows.

    Of suspects another maker need say identities and sets alone; what another maker claims is noted,
    as no claim ever decides anything.
    """
    key = canonical if diff.strict else _identities_and_sets
    _compare_list(stored, derived, "suspects", diff.wrong, key)
    _compare_list(stored, derived, "decisions", diff.wrong, canonical)
    claims = stored.get("claims")
    if claims is UNKNOWN:
        if diff.strict:
            diff.wrong.append(Difference("missing_key", "$.claims"))
        return
    into = diff.wrong if diff.strict else diff.notes
    same = _compare_list(stored, derived, "claims", into, canonical)
    if same and canonical(claims) != canonical(derived["claims"]):  # suspects name them by number
        into.append(Difference("claims", "$.claims", stored=claims, derived=derived["claims"]))


def _identities_and_sets(suspects: Any) -> str:
    """A group of suspects by identities and sets alone, whatever their order."""
    try:
        sets = sorted(sorted(cells) for cells in suspects["sets"])
        return canonical([sorted(suspects["identities"]), sets])
    except (KeyError, TypeError):
        return canonical(suspects)


def _compare_list(
    stored: Stored, derived: Json, kind: str, into: list[Difference], key: Callable[[Any], str]
) -> bool:
    """Say what stands on one side only of a list, where entries with the same key are the same.

    Returns:
        Whether there is a list, and the two hold the same.
    """
    listed = stored.get(kind)
    if listed is UNKNOWN:
        return False
    _, extra, lacking = pair(enumerate(listed), derived.get(kind, ()), key)
    for own, follows in zip_longest(extra, lacking):
        at, entry = own or (None, None)
        where = path_of(kind) if at is None else path_of(kind, at)
        into.append(Difference(kind, where, stored=entry, derived=follows))
    return not extra and not lacking
