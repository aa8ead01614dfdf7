"""A stored result held against what its source and spans give, field by field.

Values, states, errors and the verdict must follow whoever made the result. A result of this very version
must also have the same warnings, remarks, proofs and messages; another version or maker may say less or
more beside them, and that is noted. Findings that come from outside the verifier are the maker's word.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from verify.arithmetic import deduce, signed_cells
from verify.forms import Form
from verify.stored.differences import (
    UNKNOWN,
    Comparison,
    Difference,
    canonical,
    paired,
    plain,
    step,
)
from verify.stored.parts import Stored, StoredCell
from verify.stored.reasons import compare_reasons

Json = Mapping[str, Any]
_MOST_ENTRIES = 1000  # groups of suspects, claims: a report has some
_MOST_STRANGERS = 30  # named one by one
_SOURCE = {
    "sha256": "source_hash",
    "chars": "source_chars",
    "encoding": "source_encoding",
    "media_type": "source_kind",
    "renderer": "source_kind",
}
"""What is said of the source, each with the kind of its difference."""


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
) -> Comparison:
    """Hold a stored result against what follows.

    Args:
        stored: The result, with what is wrong with its shape already.
        derived: What follows, as the contract's JSON.
        text: The source.
        form: The form of what follows.
        on_word: Places, in the list of reasons, of those that are taken on the maker's word.
    """
    provenance = derived["provenance"]
    out = Comparison(made_here(stored, provenance), list(stored.wrong), list(stored.notes))
    _compare_versions(stored, provenance, out)
    if stored.get("provenance") is not UNKNOWN:
        _compare_source(stored, provenance["source"], text, out)
    _compare_cells(stored, derived, len(text), form, out)
    _compare_whole(stored, derived, text, out)
    compare_reasons(stored, derived, on_word, out)
    _compare_lists(stored, derived, out)
    return out


def _compare_versions(stored: Stored, here: Json, out: Comparison) -> None:
    """Say which version or other maker made the result."""
    if not out.strict:
        given = [plain(stored.get("provenance", key)) for key in ("version", "form_data")]
        given = [None if one is UNKNOWN else one for one in given]
        own = [here["version"], here["form_data"]]
        path = "$.provenance.version"
        out.notes.append(Difference("other_version", path, stored=given, derived=own))
    schema, path = stored.get("schema_version"), "$.schema_version"
    if stored.is_older:
        out.notes.append(Difference("older_schema", path, stored="1"))
    elif schema not in ("2", UNKNOWN):
        out.wrong.append(Difference("schema_version", path, stored=schema))


def _compare_source(stored: Stored, here: Json, text: str, out: Comparison) -> None:
    for key, kind in _SOURCE.items():
        path = f"$.provenance.source.{key}"
        derived: Any = here.get(key)
        given = stored.get("provenance", "source", key)
        if kind == "source_kind":
            if derived is not None:
                out.hold(kind, path, given, derived, alike=kind)
        elif given is UNKNOWN:
            out.wrong.append(Difference("missing_key", path))
        elif key == "sha256" and not out.strict and isinstance(given, str):
            if given.lower() != derived:
                out.wrong.append(Difference(kind, path, stored=given, derived=derived))
        else:
            same = key == "encoding" and _decodes(given, derived, text)
            out.hold(kind, path, given, derived, alike=kind if same else "")


def _decodes(encoding: Any, own: str, text: str) -> bool:
    """Whether a codec of another name may have decoded the same bytes to the same text."""
    if not isinstance(encoding, str):
        return False
    try:
        if codecs.lookup(encoding).name == codecs.lookup(own).name:
            return True
        same = text.encode(encoding) == text.encode(own)
    except (LookupError, UnicodeError, TypeError, ValueError):
        return False
    return same or encoding.lower().replace("_", "-") == f"{own}-sig"


# --- cells ----------------------------------------------------------------------------------------


def _compare_cells(
    stored: Stored, derived: Json, length: int, form: Form | None, out: Comparison
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
        if not used or len(used) != len(set(proof)):
            return False
        value = cells[name]["value" if cells[name]["state"] == "deduced" else "derived"]
        follows = deduce(used, read, signed_cells(form)).values if form else {}
        return name in follows and follows[name] == value

    for name, cell in cells.items():
        if name in stored.cells:
            given = stored.cells[name]
            _compare_cell(name, given, cell, length, proves, out, one_rejected=one_rejected)
        else:
            path = step("$.cells", name)
            out.wrong.append(Difference("missing_cell", path, name, derived=cell["state"]))
    strangers = stored.strangers if cells else [*stored.cells, *stored.strangers]
    if len(strangers) > _MOST_STRANGERS:
        named = [*strangers[:3], f"{len(strangers) - 3} more"]
        out.wrong.append(Difference("unknown_cell", "$.cells", stored=named))
    else:
        out.wrong += [Difference("unknown_cell", step("$.cells", n), n) for n in strangers]


def _figure(cell: Json) -> int | str | None:
    """The figure that was read; in a rejected report it is the tentative one."""
    found: int | str | None = cell.get("tentative") if cell["value"] is None else cell["value"]
    return found


def _compare_cell(
    name: str,
    cell: StoredCell,
    derived: Json,
    length: int,
    proves: Callable[[str, Any], bool],
    out: Comparison,
    *,
    one_rejected: bool,
) -> None:
    above = step("$.cells", name)
    where = tuple(derived["span"]) if derived["span"] else None

    def hold(key: str, given: Any, follows: Any, **more: Any) -> None:
        out.hold(key, step(above, key), given, follows, cell=name, span=where, **more)

    def hold_amount(key: str, given: Any, follows: Any) -> None:
        money = isinstance(given, str) and isinstance(follows, str)
        is_alike = lambda: money and Decimal(given) == Decimal(follows)  # noqa: E731
        hold(key, given, follows, may_lack=key != "value", alike="same_amount", is_alike=is_alike)

    span = list(cell.span) if isinstance(cell.span, tuple) else cell.span
    if isinstance(cell.span, tuple) and not 0 <= cell.span[0] <= cell.span[1] <= length:
        path = step(above, "span")
        out.wrong.append(Difference("span_outside", path, name, span, derived["span"]))
    else:
        hold("span", span, where)
    hold("text", cell.text, derived["text"])
    if one_rejected:
        figure = cell.tentative if cell.value is None else cell.value
        hold_amount("value", figure, _figure(derived))
    else:
        hold_amount("value", cell.value, derived["value"])
        hold_amount("tentative", cell.tentative, derived.get("tentative"))
    hold("state", cell.state, derived["state"])
    hold("was", cell.was, derived.get("was"))
    hold_amount("derived", cell.derived, derived.get("derived"))
    hold("remark", cell.remark, derived.get("remark"), may_lack=True)
    hold("place", plain(cell.place), derived.get("place"), may_lack=True)
    hold(
        "proof",
        cell.proof,
        derived.get("proof"),
        may_lack=derived["state"] != "deduced",
        alike="other_proof",
        is_alike=lambda: proves(name, cell.proof),
    )


# --- what is said of the whole --------------------------------------------------------------------


def _compare_whole(stored: Stored, derived: Json, text: str, out: Comparison) -> None:
    """Hold the verdict, the report and the counts of identities against what follows."""
    verdict = stored.get("verdict")
    if verdict not in (UNKNOWN, derived["verdict"]):
        follows = derived["verdict"]
        out.wrong.append(Difference("verdict", "$.verdict", stored=verdict, derived=follows))
    for part, keys in (
        ("report", ("agency", "year")),
        ("identities", ("held", "failed", "not_evaluable")),
    ):
        whole, path = stored.get(part), f"$.{part}"
        if whole is UNKNOWN:
            continue
        if not isinstance(whole, dict):
            out.wrong.append(Difference("wrong_type", path, stored=whole, derived="an object"))
            continue
        extra = [key for key in whole if key not in keys and (part, key) != ("report", "form")]
        out.notes += [Difference("extra_key", step(path, key)) for key in extra]
        for key in keys:
            wanted = derived[part][key]
            if key not in whole:
                out.wrong.append(Difference("missing_key", step(path, key), derived=wanted))
                continue
            kind = "identities" if part == "identities" else key
            named = part == "report" and _is_printed(whole[key], wanted, text)
            alike = "other_name" if named else ""
            out.hold(kind, step(path, key), whole[key], wanted, alike=alike)
    form = stored.get("report", "form")
    nameless = derived["report"]["form"] is None and not stored.data["cells"]
    if nameless and form not in (None, UNKNOWN):
        out.wrong.append(Difference("form", "$.report.form", stored=form, derived=None))


def _is_printed(given: Any, wanted: Any, text: str) -> bool:
    """Whether an agency is named in other words of the source, or a year that was not found here."""
    if isinstance(given, str):
        return bool(given.strip()) and given in text
    if isinstance(given, int) and not isinstance(given, bool):
        return wanted is None and str(given) in text
    return False


def _compare_lists(stored: Stored, derived: Json, out: Comparison) -> None:
    """Hold suspects, claims of the prose and decisions of people against what follows.

    Of suspects another maker need say identities and sets alone; what another maker claims is noted,
    as no claim ever decides anything.
    """
    key = canonical if out.strict else _identities_and_sets
    _compare_list(stored, derived["suspects"], "suspects", out, out.wrong, key)
    listed, follows = stored.get("claims"), derived["claims"]
    if listed is UNKNOWN and out.strict:
        out.wrong.append(Difference("missing_key", "$.claims"))
    place = out.wrong if out.strict else out.notes
    _compare_list(stored, derived.get("decisions", []), "decisions", out, out.wrong, canonical)
    same = _compare_list(stored, follows, "claims", out, place, canonical)
    if same and canonical(listed) != canonical(follows):  # suspects name them by number
        place.append(Difference("claims", "$.claims", stored=plain(listed), derived=follows))


def _identities_and_sets(suspects: Any) -> str:
    """A group of suspects by identities and sets alone, whatever their order."""
    try:
        sets = sorted(sorted(cells) for cells in suspects["sets"])
        return canonical([sorted(suspects["identities"]), sets])
    except (KeyError, TypeError):
        return canonical(suspects)


def _compare_list(
    stored: Stored,
    derived: Sequence[Any],
    kind: str,
    out: Comparison,
    place: list[Difference],
    key: Callable[[Any], str],
) -> bool:
    """Say what stands on one side only of a list, where entries with the same key are the same.

    Returns:
        Whether there is a list, and the two hold the same.
    """
    path, listed = f"$.{kind}", stored.get(kind)
    if not isinstance(listed, list):
        if listed is not UNKNOWN:
            wanted = "a list of objects"
            out.wrong.append(Difference("wrong_type", path, stored=listed, derived=wanted))
        return False
    if len(listed) > _MOST_ENTRIES:
        much = f"a list of {len(listed)}"
        place.append(Difference(kind, path, stored=much, derived=derived))
        return False
    _, extra, lacking = paired(list(enumerate(listed)), derived, key)
    for own, follows in zip_longest(extra, lacking):
        at, entry = own or (None, None)
        where = path if at is None else step(path, at)
        place.append(Difference(kind, where, stored=plain(entry), derived=follows))
    return not extra and not lacking
