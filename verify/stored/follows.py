"""Whether a stored result follows: what it says, held against what its source and spans give.

Values, states, errors and the verdict must follow whoever made the result. A result of this very version
must also have the same warnings, remarks, proofs and messages; another version or maker may say less or
more beside them, and that is noted. Findings that come from outside the verifier are the maker's word.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from verify.arithmetic import deduce, signed_cells
from verify.figures import Number
from verify.forms import Form
from verify.reading import Span
from verify.stored.beside import canonical, compare_claims, compare_suspects
from verify.stored.differences import Difference, plain, step
from verify.stored.parts import UNKNOWN, Stored, StoredCell
from verify.stored.reasons import compare_reasons

Json = Mapping[str, Any]
_MOST_STRANGERS = 30  # named one by one


@dataclass(frozen=True, slots=True)
class Facts:
    """The source that a result is held against.

    Attributes:
        text: Decoded.
        sha256: Of its bytes.
        encoding: Codec that decodes them.
        version: Of this program.
        form_data: Of the forms.
        media_type: Of its bytes.
        renderer: What made the text of them.
    """

    text: str
    sha256: str
    encoding: str
    version: str
    form_data: str
    media_type: str | None = None
    renderer: str | None = None


@dataclass(slots=True)
class Comparison:
    """The outcome.

    Attributes:
        wrong: Where the result does not follow.
        notes: What is worth knowing and no fault.
    """

    wrong: list[Difference] = field(default_factory=list)
    notes: list[Difference] = field(default_factory=list)

    @property
    def weight(self) -> tuple[int, int]:
        """Less is nearer."""
        return len(self.wrong), len(self.notes)


def made_here(stored: Stored, facts: Facts) -> bool:
    """Whether the result says that this very version made it."""
    if stored.is_older:
        return False
    said = (stored.get("provenance", "version"), stored.get("provenance", "form_data"))
    return said == (facts.version, facts.form_data)


def compare(
    stored: Stored, derived: Json, facts: Facts, form: Form | None, word: Sequence[int]
) -> Comparison:
    """Hold a stored result against what follows.

    Args:
        stored: The result, with what is wrong with its shape already.
        derived: What follows, as the contract's JSON.
        facts: The source.
        form: The form of what follows.
        word: Places, in the list of reasons, of those that are taken on the maker's word.
    """
    out = Comparison(list(stored.wrong), list(stored.notes))
    strict = made_here(stored, facts)
    if not strict:
        said = [plain(stored.get("provenance", key)) for key in ("version", "form_data")]
        out.notes.append(
            Difference(
                "other_version", "$.provenance.version", derived=[facts.version, facts.form_data],
                stored=[None if item is UNKNOWN else item for item in said],
            )
        )  # fmt: skip
    if stored.is_older:
        out.notes.append(Difference("older_schema", "$.schema_version", stored="1"))
    elif stored.get("schema_version") not in ("2", UNKNOWN):
        out.wrong.append(
            Difference("schema_version", "$.schema_version", stored=stored.get("schema_version"))
        )
    compare_source(stored, facts, out, strict=strict)
    _Cells(stored, derived, facts, form, out, strict=strict).compare()
    _head(stored, derived, facts.text, out, strict=strict)
    compare_reasons(stored, derived, word, out, strict=strict)
    compare_suspects(stored, derived, out, strict=strict)
    compare_claims(stored, derived, out, strict=strict)
    return out


# --- the source -----------------------------------------------------------------------------------


def compare_source(stored: Stored, facts: Facts, out: Comparison, *, strict: bool) -> None:
    """Hold what is said of the source against the source."""
    path = "$.provenance.source"
    if stored.get("provenance") is UNKNOWN:
        return
    here = {"sha256": facts.sha256, "chars": len(facts.text), "encoding": facts.encoding}
    kinds = {"sha256": "source_hash", "chars": "source_chars", "encoding": "source_encoding"}
    for key, value in here.items():
        said = stored.get("provenance", "source", key)
        if said is UNKNOWN:
            out.wrong.append(Difference("missing_key", step(path, key)))
        elif canonical(said) == canonical(value) or (
            key == "sha256" and not strict and isinstance(said, str) and said.lower() == value
        ):
            continue
        elif key == "encoding" and not strict and _decodes(said, facts):
            out.notes.append(Difference(kinds[key], step(path, key), stored=said, derived=value))
        else:
            out.wrong.append(Difference(kinds[key], step(path, key), stored=said, derived=value))
    for key, value in (("media_type", facts.media_type), ("renderer", facts.renderer)):
        said = stored.get("provenance", "source", key)
        if value is not None and said not in (UNKNOWN, value):
            found = Difference("source_kind", step(path, key), stored=plain(said), derived=value)
            (out.wrong if strict else out.notes).append(found)


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


# --- cells ----------------------------------------------------------------------------------------


def _figure(cell: Json) -> int | str | None:
    """The figure that was read; in a rejected report it is the tentative one."""
    found: int | str | None = cell.get("tentative") if cell["value"] is None else cell["value"]
    return found


class _Cells:
    """Holds cells against cells."""

    def __init__(
        self, stored: Stored, derived: Json, facts: Facts, form: Form | None, out: Comparison,
        *, strict: bool,
    ) -> None:  # fmt: skip
        self.stored = stored
        self.derived: Mapping[str, Json] = derived["cells"]
        self.facts = facts
        self.form = form
        self.out = out
        self.strict = strict
        verdicts = (stored.text("verdict"), derived["verdict"])
        self.one_rejected = sum(verdict == "rejected" for verdict in verdicts) == 1
        self.known: dict[str, Number | None] = {}
        if form is not None:
            read = {n: _figure(c) for n, c in self.derived.items() if c["state"] == "read"}
            self.known = {n: Decimal(v) if isinstance(v, str) else v for n, v in read.items()}

    def compare(self) -> None:
        """Every cell, in order of the form, then those that the form does not have."""
        for name, derived in self.derived.items():
            cell = self.stored.cells.get(name)
            if cell is None:
                self._say("missing_cell", "", name, derived=derived["state"])
            else:
                self._cell(name, cell, derived)
        rest = self.stored.strangers
        if not self.derived:
            rest = [*self.stored.cells, *rest]
        if len(rest) > _MOST_STRANGERS:
            shown = [*rest[:3], f"{len(rest) - 3} more"]
            self.out.wrong.append(Difference("unknown_cell", "$.cells", stored=shown))
            return
        for name in rest:
            self._say("unknown_cell", "", name)

    def _say(self, kind: str, key: str, name: str, span: Span | None = None, **what: Any) -> None:
        path = step("$.cells", name)
        self.out.wrong.append(
            Difference(kind, step(path, key) if key else path, name, span=span, **what)
        )

    def _cell(self, name: str, cell: StoredCell, derived: Json) -> None:
        there = tuple(derived["span"]) if derived["span"] else None
        span = cell.span
        if isinstance(span, tuple) and not 0 <= span[0] <= span[1] <= len(self.facts.text):
            self._say("span_outside", "span", name, stored=list(span), derived=derived["span"])
        elif span is not UNKNOWN and span != there:
            self._say("span", "span", name, there, stored=span and list(span), derived=there)  # type: ignore[arg-type]
        if cell.text is not UNKNOWN and cell.text != derived["text"]:
            self._say("text", "text", name, there, stored=cell.text, derived=derived["text"])
        if (
            self.one_rejected
        ):  # that is said of the verdict; here only whether the figures are the same
            said = cell.tentative if cell.value is None else cell.value
            self._amount("value", name, said, _figure(derived), there)
        else:
            self._amount("value", name, cell.value, derived["value"], there)
            self._amount("tentative", name, cell.tentative, derived.get("tentative"), there)
        if cell.state is not UNKNOWN and cell.state != derived["state"]:
            self._say("state", "state", name, there, stored=cell.state, derived=derived["state"])
        if cell.was is not UNKNOWN and cell.was != derived.get("was"):
            self._say("was", "was", name, there, stored=cell.was, derived=derived.get("was"))
        self._amount("derived", name, cell.derived, derived.get("derived"), there)
        self._beside("remark", name, cell.remark, derived.get("remark"), there)
        self._beside("place", name, cell.place, derived.get("place"), there)
        self._proof(name, cell, derived, there)

    def _amount(self, key: str, name: str, said: Any, derived: Any, span: Span | None) -> None:
        if said is UNKNOWN or said == derived:
            return
        if key in ("derived", "tentative") and said is None and not self.strict:
            return  # the contract lets a maker leave it out
        what: dict[str, Any] = {"stored": said, "derived": derived}
        if (
            isinstance(said, str) and isinstance(derived, str)
            and Decimal(said) == Decimal(derived) and not self.strict
        ):  # fmt: skip
            path = step(step("$.cells", name), key)
            self.out.notes.append(Difference("same_amount", path, name, span=span, **what))
            return
        self._say(key, key, name, span, **what)

    def _beside(self, key: str, name: str, said: Any, derived: Any, span: Span | None) -> None:
        """What stands beside the figure; another maker may leave it out."""
        if said is UNKNOWN or canonical(said) == canonical(derived):
            return
        if said is None and not self.strict:
            return
        self._say(key, key, name, span, stored=plain(said), derived=derived)

    def _proof(self, name: str, cell: StoredCell, derived: Json, span: Span | None) -> None:
        wanted = derived.get("proof")
        if cell.proof is UNKNOWN or (cell.proof is None and wanted is None):
            return
        said = cell.proof
        assert said is None or isinstance(said, tuple)
        if said is not None and wanted is not None and list(said) == list(wanted):
            return
        if said is None and derived["state"] != "deduced" and not self.strict:
            return
        what: dict[str, Any] = {"stored": said and list(said), "derived": wanted}
        if said and not self.strict and self._proves(name, said, derived):
            path = step(step("$.cells", name), "proof")
            self.out.notes.append(Difference("other_proof", path, name, span=span, **what))
            return
        self._say("proof", "proof", name, span, **what)

    def _proves(self, name: str, proof: Sequence[str], derived: Json) -> bool:
        """Whether these identities alone leave the value that follows."""
        if self.form is None:
            return False
        used = [identity for identity in self.form.identities if identity.id in set(proof)]
        if len(used) != len(set(proof)):
            return False
        value = derived["value"] if derived["state"] == "deduced" else derived.get("derived")
        follows = deduce(used, self.known, signed_cells(self.form))
        return name in follows.values and follows.values[name] == value


# --- the whole ------------------------------------------------------------------------------------


def _head(stored: Stored, derived: Json, text: str, out: Comparison, *, strict: bool) -> None:
    if stored.get("verdict") not in (UNKNOWN, derived["verdict"]):
        out.wrong.append(
            Difference("verdict", "$.verdict", stored=stored.get("verdict"),
                       derived=derived["verdict"])
        )  # fmt: skip
    for part, keys in (
        ("report", ("agency", "year")), ("identities", ("held", "failed", "not_evaluable")),
    ):  # fmt: skip
        whole = stored.get(part)
        if whole is UNKNOWN:
            continue
        if not isinstance(whole, dict):
            out.wrong.append(
                Difference("wrong_type", f"$.{part}", stored=whole, derived="an object")
            )
            continue
        known = {*keys, "form"} if part == "report" else set(keys)
        out.notes += [
            Difference("extra_key", step(f"$.{part}", key)) for key in whole if key not in known
        ]
        for key in keys:
            path, wanted = f"$.{part}.{key}", derived[part][key]
            if key not in whole:
                out.wrong.append(Difference("missing_key", path, derived=wanted))
                continue
            said = whole[key]
            if canonical(said) == canonical(wanted):
                continue
            kind = "identities" if part == "identities" else key
            if part == "report" and not strict and _is_printed(said, wanted, text):
                out.notes.append(Difference("other_name", path, stored=said, derived=wanted))
            else:
                out.wrong.append(Difference(kind, path, stored=said, derived=wanted))
    said = stored.get("report", "form")
    if (
        derived["report"]["form"] is None
        and said not in (None, UNKNOWN)
        and not stored.data["cells"]
    ):
        out.wrong.append(Difference("form", "$.report.form", stored=said, derived=None))


def _is_printed(said: Any, wanted: Any, text: str) -> bool:
    """Whether another maker names an agency in other words of the source, or a year that this one did not find."""
    if isinstance(said, str):
        return bool(said.strip()) and said in text
    if isinstance(said, int) and not isinstance(said, bool):
        return wanted is None and str(said) in text
    return False
