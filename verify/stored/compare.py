"""A stored result held against what its source and spans give, field by field.

Values, states, errors and the verdict must follow whoever made the result. A result of this very version
must also have the same warnings, remarks, proofs and messages; another version or maker may say less or
more beside them, and that is noted. Findings that come from outside the verifier are the maker's word.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from verify.forms import Form
from verify.stored.cells import compare_cells
from verify.stored.comparison import Comparison, Facts, made_here, pair
from verify.stored.differences import Difference, canonical, plain, step
from verify.stored.parts import Stored
from verify.stored.reasons import compare_reasons
from verify.stored.shapes import UNKNOWN

Json = Mapping[str, Any]
_MOST_ENTRIES = 1000  # groups of suspects, claims: a report has some


def compare(
    stored: Stored, derived: Json, facts: Facts, form: Form | None, word: Collection[int]
) -> Comparison:
    """Hold a stored result against what follows.

    Args:
        stored: The result, with what is wrong with its shape already.
        derived: What follows, as the contract's JSON.
        facts: The source.
        form: The form of what follows.
        word: Places, in the list of reasons, of those that are taken on the maker's word.
    """
    out = Comparison(made_here(stored, facts), list(stored.wrong), list(stored.notes))
    _compare_versions(stored, facts, out)
    _compare_source(stored, facts, out)
    compare_cells(stored, derived, len(facts.text), form, out)
    _compare_whole(stored, derived, facts.text, out)
    compare_reasons(stored, derived, word, out)
    _compare_suspects(stored, derived, out)
    _compare_claims(stored, derived, out)
    if stored.get("decisions") is not UNKNOWN or derived.get("decisions"):
        _say_no_list(stored, "decisions", out)
        _compare_list(stored, derived.get("decisions", []), "decisions", out.wrong)
    return out


def _compare_versions(stored: Stored, facts: Facts, out: Comparison) -> None:
    """Say which version or other maker made the result."""
    if not out.strict:
        made_by = [plain(stored.get("provenance", key)) for key in ("version", "form_data")]
        out.notes.append(
            Difference(
                "other_version",
                "$.provenance.version",
                stored=[None if item is UNKNOWN else item for item in made_by],
                derived=[facts.version, facts.form_data],
            )
        )
    schema = stored.get("schema_version")
    if stored.is_older:
        out.notes.append(Difference("older_schema", "$.schema_version", stored="1"))
    elif schema not in ("2", UNKNOWN):
        out.wrong.append(Difference("schema_version", "$.schema_version", stored=schema))


def _compare_source(stored: Stored, facts: Facts, out: Comparison) -> None:
    path = "$.provenance.source"
    if stored.get("provenance") is UNKNOWN:
        return
    here: tuple[tuple[str, str, Any], ...] = (
        ("sha256", "source_hash", facts.sha256),
        ("chars", "source_chars", len(facts.text)),
        ("encoding", "source_encoding", facts.encoding),
    )
    for key, kind, value in here:
        given = stored.get("provenance", "source", key)
        difference = Difference(kind, step(path, key), stored=given, derived=value)
        if given is UNKNOWN:
            out.wrong.append(Difference("missing_key", step(path, key)))
        elif key == "sha256" and not out.strict and isinstance(given, str):
            if given.lower() != value:
                out.wrong.append(difference)
        elif key == "encoding" and _decodes(given, facts):
            out.hold(difference, alike=kind)
        else:
            out.hold(difference)
    for key, value in (("media_type", facts.media_type), ("renderer", facts.renderer)):
        given = stored.get("provenance", "source", key)
        if value is not None:
            difference = Difference("source_kind", step(path, key), stored=given, derived=value)
            out.hold(difference, alike="source_kind")


def _decodes(encoding: Any, facts: Facts) -> bool:
    """Whether a codec of another name may have decoded the same bytes to the same text."""
    if not isinstance(encoding, str):
        return False
    try:
        if codecs.lookup(encoding).name == codecs.lookup(facts.encoding).name:
            return True
        same = facts.text.encode(encoding) == facts.text.encode(facts.encoding)
    except (LookupError, UnicodeError, TypeError, ValueError):
        return False
    return same or encoding.lower().replace("_", "-") == f"{facts.encoding}-sig"


def _compare_whole(stored: Stored, derived: Json, text: str, out: Comparison) -> None:
    """Hold the verdict, the report and the counts of identities against what follows."""
    verdict = stored.get("verdict")
    if verdict not in (UNKNOWN, derived["verdict"]):
        out.wrong.append(
            Difference("verdict", "$.verdict", stored=verdict, derived=derived["verdict"])
        )
    for part, keys in (
        ("report", ("agency", "year")),
        ("identities", ("held", "failed", "not_evaluable")),
    ):
        whole = stored.get(part)
        if whole is UNKNOWN:
            continue
        path = f"$.{part}"
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
            difference = Difference(kind, step(path, key), stored=whole[key], derived=wanted)
            named = part == "report" and _is_printed(whole[key], wanted, text)
            out.hold(difference, alike="other_name" if named else "")
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
    out: list[Difference],
    key: Callable[[Any], str] = canonical,
) -> bool:
    """Say what stands on one side only of a list such as that of suspects.

    Args:
        stored: The result.
        derived: The list that follows.
        kind: Name of the list, and of the difference.
        out: Where differences go.
        key: Two entries with the same key are the same.

    Returns:
        Whether there is a list, and the two hold the same.
    """
    path, listed = f"$.{kind}", stored.get(kind)
    if not isinstance(listed, list) or len(listed) > _MOST_ENTRIES:
        if isinstance(listed, list):
            out.append(Difference(kind, path, stored=f"a list of {len(listed)}", derived=derived))
        return False
    _, extra, lacking = pair(list(enumerate(listed)), derived, key)
    for at in range(max(len(extra), len(lacking))):
        place, entry = extra[at] if at < len(extra) else (None, None)
        where = path if place is None else step(path, place)
        follows = lacking[at] if at < len(lacking) else None
        out.append(Difference(kind, where, stored=plain(entry), derived=follows))
    return not extra and not lacking


def _compare_suspects(stored: Stored, derived: Json, out: Comparison) -> None:
    """Hold the suspects against each other; another maker need say identities and sets alone."""
    _say_no_list(stored, "suspects", out)
    key = canonical if out.strict else _identities_and_sets
    _compare_list(stored, derived["suspects"], "suspects", out.wrong, key)


def _compare_claims(stored: Stored, derived: Json, out: Comparison) -> None:
    """Hold the claims of the prose against each other; what another maker claims is noted."""
    listed = stored.get("claims")
    if listed is UNKNOWN and out.strict:
        out.wrong.append(Difference("missing_key", "$.claims"))
    _say_no_list(stored, "claims", out)
    # what the prose claims never decides anything
    place = out.wrong if out.strict else out.notes
    same = _compare_list(stored, derived["claims"], "claims", place)
    if same and canonical(listed) != canonical(derived["claims"]):  # suspects name them by number
        place.append(
            Difference("claims", "$.claims", stored=plain(listed), derived=derived["claims"])
        )


def _say_no_list(stored: Stored, kind: str, out: Comparison) -> None:
    listed = stored.get(kind)
    if listed is not UNKNOWN and not isinstance(listed, list):
        out.wrong.append(
            Difference("wrong_type", f"$.{kind}", stored=listed, derived="a list of objects")
        )
