"""SARIF 2.1.0: each reason with its region in the source, for editors and code review.

``ruleId`` is the reason code, because viewers group and describe results by it and there are few; the id
of the rule (``balance.total``) is the property ``rule`` of the result. A code point is one column
(``columnKind``), and ``charOffset`` counts code points too, so that they are the spans of the result's
JSON. Text of a report reaches a message without line ends, and without anything that SARIF takes for a
link or a placeholder; a snippet is verbatim.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from extractor import __version__
from extractor.outputs._reported import Earlier, Reported
from extractor.render._facts import figure_in, message
from extractor.render._places import NEWLINES, STDIN, Places, uri_of
from extractor.render._text import figure, one_line
from verify.codes import CODES
from verify.rules import HEADINGS, HEADINGS_ZH, families_of_code

if TYPE_CHECKING:
    from extractor.render._words import Lang
    from verify.schema import Reason, Result, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
Json = dict[str, Any]
_BASE = "%SRCROOT%"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_CHARSETS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
    "gb18030": "GB18030",
    "big5hkscs": "Big5-HKSCS",
}
_MARKS = {
    "utf-8": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\x00\x00",
    "utf-32-be": b"\x00\x00\xfe\xff",
}
# A snippet longer than this (a reason about a whole table) would only repeat the report.
_LONGEST_SNIPPET = 400
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIELD = re.compile(r"\{[a-z_]+(?:![a-z])?\}")


def to_sarif(
    result: Result,
    source: str | None,
    *,
    uri: str,
    lang: Lang = "zh",
    previous: Earlier | None = None,
) -> str:
    """One report as a SARIF log; see `sarif_log`."""
    return sarif_log([Reported(result, source, uri, previous=previous)], lang=lang)


def sarif_log(reports: Iterable[Reported], *, lang: Lang = "zh") -> str:
    """A SARIF 2.1.0 log with one run that holds every report.

    Args:
        reports: The reports, each an artifact of the run.
        lang: Language of the messages; the other one is in the properties of each result.

    Returns:
        JSON, one line end at its end; the same for the same reports.
    """
    run = _Run(lang)
    for report in reports:
        run.add(report)
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run.json()]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _plain(text: str) -> str:
    """Text inside a message: a bracket before a round one would be a link, braces a placeholder."""
    return text.replace("](", "] (").replace("{", "{{").replace("}", "}}")


class _Run:
    """The run as it grows."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.rules: list[Json] = []
        self.rule_at: dict[str, int] = {}
        self.artifacts: list[Json] = []
        self.cells: list[Json] = []
        self.cell_at: dict[str, int] = {}
        self.results: list[Json] = []

    def json(self) -> Json:
        """The run object."""
        driver = {
            "name": "Gouji",
            "version": __version__,
            "language": _LANGUAGES[self.lang],
            "rules": self.rules,
        }
        return {
            "tool": {"driver": driver},
            "language": _LANGUAGES[self.lang],
            "columnKind": "unicodeCodePoints",
            "newlineSequences": list(NEWLINES),
            "artifacts": self.artifacts,
            "logicalLocations": self.cells,
            "results": self.results,
        }

    def add(self, report: Reported) -> None:
        """Add a report with its results."""
        location = self._artifact(report)
        previous = None if report.previous is None else self._earlier(report.previous)
        seen: Counter[str] = Counter()
        for reason in report.reasons:
            self.results.append(self._result(report, reason, location, previous, seen))

    # --- artifacts ---------------------------------------------------------------------------

    def _location(self, path: str) -> Json:
        uri = uri_of(path)
        location: Json = {"uri": uri, "index": len(self.artifacts)}
        if uri != STDIN and not uri.startswith("file:"):
            location["uriBaseId"] = _BASE
        return location

    def _artifact(self, report: Reported) -> Json:
        said, result = report.result.provenance.source, report.result
        location = self._location(report.uri)
        artifact: Json = {
            "location": location,
            "roles": ["analysisTarget", "standardStream"][: 2 if report.uri == "-" else 1],
            "mimeType": "text/plain",
            "encoding": _CHARSETS.get(said.encoding, clean(said.encoding)),
            "hashes": {"sha-256": said.sha256},
        }
        length = _bytes(report.source, said.encoding, said.sha256)
        if length is not None:
            artifact["length"] = length
        agency = result.report.agency
        artifact["properties"] = {
            "agency": None if agency is None else one_line(agency),
            "year": result.report.year,
            "form": result.report.form,
            "verdict": result.verdict,
        }
        self.artifacts.append(artifact)
        return location

    def _earlier(self, previous: Earlier) -> Json:
        location = self._location(previous.uri)
        self.artifacts.append({"location": location, "mimeType": "text/plain"})
        return location

    # --- rules and cells ---------------------------------------------------------------------

    def _rule(self, reason: Reason) -> int:
        """The place of a reason's code among the rules."""
        code = clean(reason.code)
        if code not in self.rule_at:
            self.rule_at[code] = len(self.rules)
            self.rules.append({"id": code, **self._description(code, reason)})
        return self.rule_at[code]

    def _description(self, code: str, reason: Reason) -> Json:
        known = CODES.get(code)
        level = {"level": _LEVELS[reason.severity if known is None else known.severity]}
        if known is None:  # a result of another version or maker
            return {"defaultConfiguration": level}
        text = known.zh if self.lang == "zh" else known.en
        said: Json = {"shortDescription": {"text": _FIELD.sub("…", text)}}
        headings = HEADINGS_ZH if self.lang == "zh" else HEADINGS
        families = families_of_code(code)
        if families:
            first, *rest = headings
            said["fullDescription"] = {
                "text": _plain("\n\n".join(family.doc[first] for family in families))
            }
            said["help"] = {
                "text": _plain(
                    "\n\n".join(f"{h}: {family.doc[h]}" for family in families for h in rest)
                )
            }
        said["defaultConfiguration"] = level
        said["properties"] = {"forces": known.forces, "families": [f.id for f in families]}
        return said

    def _cell(self, report: Reported, name: str) -> Json:
        """A cell as a logical location, described once for the run."""
        full = clean(name)
        if full not in self.cell_at:
            self.cell_at[full] = len(self.cells)
            label = report.label(name, self.lang)
            self.cells.append({"name": label, "fullyQualifiedName": full, "kind": "cell"})
        return {"fullyQualifiedName": full, "index": self.cell_at[full]}

    # --- results -----------------------------------------------------------------------------

    def _result(
        self,
        report: Reported,
        reason: Reason,
        location: Json,
        previous: Json | None,
        seen: Counter[str],
    ) -> Json:
        place: Json = {"physicalLocation": {"artifactLocation": location}}
        region = region_of(report.source, report.places, where(report, reason))
        if region is not None:
            place["physicalLocation"]["region"] = region
        if reason.cells:
            named = {at["index"]: at for name in reason.cells for at in [self._cell(report, name)]}
            place["logicalLocations"] = list(named.values())
        return {
            "ruleId": clean(reason.code),
            "ruleIndex": self._rule(reason),
            "level": _LEVELS[reason.severity],
            "message": {"text": _plain(message(reason, self.lang)) or "…"},
            "locations": [place],
            "relatedLocations": self._related(report, reason, location, previous),
            "partialFingerprints": {"goujiFinding/v1": _fingerprint(reason, seen)},
            "properties": self._properties(report, reason),
        }

    def _related(
        self, report: Reported, reason: Reason, location: Json, previous: Json | None
    ) -> list[Json]:
        found: list[Json] = []

        def add(text: str, region: Json | None, at: Json, **more: Any) -> None:
            if region is not None:
                physical = {"artifactLocation": at, "region": region}
                found.append(
                    {
                        "id": len(found) + 1,
                        "message": {"text": _plain(text)},
                        "physicalLocation": physical,
                        **more,
                    }
                )

        zh = self.lang == "zh"
        other = region_of(report.source, report.places, reason.other_span)
        add("另一处" if zh else "the other place", other, location)
        earlier = report.previous
        if earlier is not None and previous is not None:
            region = region_of(earlier.source, earlier.places, reason.previous_span)
            add("上一年报告" if zh else "last year's report", region, previous)
        for name in reason.cells:
            region = region_of(report.source, report.places, report.span(name))
            if region is not None:
                text = self._operand(report, reason, name)
                add(text, region, location, logicalLocations=[self._cell(report, name)])
        return found

    def _operand(self, report: Reported, reason: Reason, name: str) -> str:
        """A cell of a finding: its label and figure, in a failed sum with the side it stands on."""
        cell = report.result.cells[name]
        shown = figure_in(cell)
        text = one_line(cell.text or "", 60) if shown is None else figure(shown)
        label = f"{report.label(name, self.lang)}: {text}"
        for e in report.evaluated:
            if e.identity.id == reason.rule and name in e.identity.cells:
                return ("+ " if name in e.identity.plus else "= ") + label
        return label

    def _properties(self, report: Reported, reason: Reason) -> Json:
        other = "en" if self.lang == "zh" else "zh"
        said: Json = {
            "rule": None if reason.rule is None else clean(reason.rule),
            "by": None if reason.by is None else clean(reason.by),
            "expected": None if reason.expected is None else clean(reason.expected),
            "actual": None if reason.actual is None else clean(reason.actual),
            f"message_{other}": message(reason, "en" if self.lang == "zh" else "zh"),
        }
        if reason.previous_span is not None:
            said["previous_span"] = list(reason.previous_span)
        for group in report.result.suspects:
            if reason.rule in group.identities:
                said["suspects"] = [[clean(n) for n in names] for names in group.sets]
                said["slips"] = [one_line(slip.operation, 60) for slip in group.slips]
                said["doubtful"] = [clean(name) for name in group.doubtful]
                said["fault"] = group.fault
        return said


def _fingerprint(reason: Reason, seen: Counter[str]) -> str:
    """The same for the same finding of a report whose layout or other figures changed.

    What the finding is about decides, not where it stands; findings about nothing in particular
    are told apart by the text that they quote, and equal ones by their order.
    """
    about: Sequence[str | None] = [reason.code, reason.rule, *reason.cells]
    if reason.rule is None and not reason.cells:
        about = [reason.code, reason.expected, reason.actual]
    key = json.dumps(about)
    seen[key] += 1
    return hashlib.sha256(f"{key}#{seen[key]}".encode()).hexdigest()


def _bytes(source: str | None, encoding: str, sha256: str) -> int | None:
    """How many bytes the source has, where its hash proves it."""
    if source is None or encoding not in _CHARSETS:
        return None
    try:
        data = source.encode(encoding)
    except UnicodeEncodeError:
        return None
    for mark in (b"", _MARKS.get(encoding, b"")):
        if hashlib.sha256(mark + data).hexdigest() == sha256:
            return len(mark) + len(data)
    return None


def clean(text: str) -> str:
    """Verbatim text that can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def where(report: Reported, reason: Reason) -> Span | None:
    """Where a viewer shows a reason: its own place, else that of a cell, else the whole report.

    A sum is shown at the total that it must come to, which says nothing about the cell at fault.
    """
    if reason.span is not None:
        return reason.span
    totals = [
        name for e in report.evaluated if e.identity.id == reason.rule for name in e.identity.minus
    ]
    for name in (*totals, *reason.cells):
        span = report.span(name)
        if span is not None:
            return span
    return (0, report.result.provenance.source.chars)


def region_of(source: str | None, places: Places | None, span: Span | None) -> Json | None:
    """A span as a region; without the source only the offsets are known."""
    if span is None:
        return None
    offsets = {"charOffset": span[0], "charLength": span[1] - span[0]}
    if source is None or places is None:
        return offsets
    if not places.holds(span):
        return None
    start, end = places.at(span[0]), places.at(span[1])
    region: Json = {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        **offsets,
    }
    if span[1] - span[0] <= _LONGEST_SNIPPET:
        region["snippet"] = {"text": clean(source[span[0] : span[1]])}
    return region
