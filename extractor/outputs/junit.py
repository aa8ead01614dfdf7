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
    from junitparser import TestCase, TestSuite

    from extractor.render._words import Lang

_LONGEST = 2000


def to_junit(reports: Iterable[Reported], *, lang: Lang = "zh") -> str:
    """The reports as JUnit XML.

    Args:
        reports: The reports.
        lang: Language of the messages.

    Returns:
        An XML 1.0 document; characters that XML does not allow are shown by visible signs.
    """
    from junitparser import JUnitXml

    made = JUnitXml("gouji")
    for report in reports:
        made.append(_suite(report, lang))  # type: ignore[no-untyped-call]  # add_testsuite would make one of two of the same name
    made.update_statistics()  # type: ignore[no-untyped-call]
    root = ET.fromstring(made.tostring())  # type: ignore[no-untyped-call]  # noqa: S314
    root.attrib.pop("skipped", None)  # the schema of build servers has none here
    for element in root.iter():
        element.attrib.pop("time", None)  # nothing is timed
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: Reported, lang: Lang) -> TestSuite:
    from junitparser import TestSuite

    result = report.result
    suite = TestSuite(_line(report.uri))
    for name, value in (
        ("agency", result.report.agency),
        ("year", result.report.year),
        ("form", result.report.form),
        ("verdict", result.verdict),
        ("sha256", result.provenance.source.sha256),
        ("version", result.provenance.version),
    ):
        if value is not None:
            suite.add_property(name, _line(str(value)))
    for check in checks(report, lang):
        suite.add_testcase(_case(report, check, lang))
    return suite


def _case(report: Reported, check: Check, lang: Lang) -> TestCase:
    from junitparser import Failure, Skipped, TestCase

    form = report.result.report.form or "none"
    case = TestCase(_line(check.id), f"gouji.{form}.{_line(check.kind)}")
    messages = said(check, lang)
    if check.outcome == "open":
        skipped = Skipped(_line(check.why))
        if messages:
            skipped.text = "\n".join(map(_line, messages))
        case.result = [skipped]
    elif check.outcome == "failed":
        failure = Failure(_line(check.why or messages[0]), _line(_code(check)))
        failure.text = "\n".join(map(_line, [*messages, *_operands(report, check, lang)]))
        case.result = [failure]
    elif messages:
        case.system_out = "\n".join(map(_line, messages))
    return case


def _code(check: Check) -> str:
    """The reason code of a failure; an identity of a result of another maker may have none."""
    return check.findings[0].code if check.findings else "identity_failed"


def _operands(report: Reported, check: Check, lang: Lang) -> list[str]:
    """The terms of a failed sum, one a line, as a clerk would write it under the other."""
    for e in report.evaluated:
        if e.identity.id == check.id:
            return [
                f"{'+' if name in e.identity.plus else '='} {report.label(name, lang)}: "
                f"{report.body(name, lang)}"
                for name in e.identity.cells
                if figure_in(report.result.cells[name]) not in (0, "0")
            ]
    return []


def _line(text: str) -> str:
    # visible() once more: one_line ends in characters of ours, the text may not.
    return visible(one_line(text, _LONGEST))
