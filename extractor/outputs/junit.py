"""JUnit XML for build servers: a suite for each report, a case for each rule that applies to it.

A rule that failed is a failure, with the sum that does not hold; a rule that was not checked or could not
be decided is skipped, never passed. A warning never fails a build: its case passes, and says it in
``system-out``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from extractor.outputs._checks import Check, checks, said
from extractor.outputs._reported import Reported
from extractor.render._facts import figure_in
from extractor.render._text import one_line, visible

if TYPE_CHECKING:
    from extractor.render._facts import Lang

_LONGEST = 2000


def to_junit(reports: Iterable[Reported], *, lang: Lang = "zh") -> str:
    """The reports as JUnit XML.

    Args:
        reports: The reports.
        lang: Language of the messages.

    Returns:
        An XML 1.0 document; characters that XML does not allow are shown by visible signs.
    """
    root = ET.Element("testsuites", {"name": "gouji"})
    for report in reports:
        root.append(_suite(report, lang))
    for key in ("tests", "failures", "errors"):  # the schema of build servers has no more here
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: Reported, lang: Lang) -> ET.Element:
    result = report.result
    suite = ET.Element("testsuite", {"name": _line(report.uri)})
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("agency", result.report.agency),
        ("year", result.report.year),
        ("form", result.report.form),
        ("verdict", result.verdict),
        ("sha256", result.provenance.source.sha256),
        ("version", result.provenance.version),
    ):
        if value is not None:
            ET.SubElement(properties, "property", {"name": name, "value": _line(str(value))})
    counts = {"held": 0, "failed": 0, "open": 0}
    for check in checks(report, lang):
        counts[check.outcome] += 1
        suite.append(_case(report, check, lang))
    for key, count in (
        ("tests", sum(counts.values())),
        ("failures", counts["failed"]),
        ("errors", 0),  # an error is a check that could not run at all; then there is no result
        ("skipped", counts["open"]),
    ):
        suite.set(key, str(count))
    return suite


def _case(report: Reported, check: Check, lang: Lang) -> ET.Element:
    form = report.result.report.form or "none"
    case = ET.Element(
        "testcase", {"name": _line(check.id), "classname": f"gouji.{form}.{_line(check.kind)}"}
    )
    messages = said(check, lang)
    if check.outcome == "open":
        skipped = ET.SubElement(case, "skipped", {"message": _line(check.why)})
        skipped.text = "\n".join(map(_line, messages)) or None
    elif check.outcome == "failed":
        first = check.why or messages[0]
        attributes = {"message": _line(first), "type": _line(_code(check))}
        failure = ET.SubElement(case, "failure", attributes)
        failure.text = "\n".join(map(_line, [*messages, *_operands(report, check, lang)]))
    elif messages:
        ET.SubElement(case, "system-out").text = "\n".join(map(_line, messages))
    return case


def _code(check: Check) -> str:
    """The reason code of a failure; an identity of a result of another maker may have none."""
    return check.findings[0].code if check.findings else "identity_failed"


def _operands(report: Reported, check: Check, lang: Lang) -> list[str]:
    """The terms of a failed sum, one a line, as a clerk would write it under the other."""
    for e in report.facts.evaluated:
        if e.identity.id == check.id:
            return [
                f"{'+' if name in e.identity.plus else '='} {report.label(name, lang)}: "
                f"{report.facts.body(name, lang)}"
                for name in e.identity.cells
                if figure_in(report.result.cells[name]) not in (0, "0")
            ]
    return []


def _line(text: str) -> str:
    # visible() once more: one_line ends in characters of ours, the text may not.
    return visible(one_line(text, _LONGEST))
