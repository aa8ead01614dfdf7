"""What a rule is: an id, what it says, where it holds, how grave it is, and two examples.

A *family* is one idea with one documentation and one check; its *rules* are its instances (``balance`` has
one rule for each column).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from verify.codes import Severity

Kind = Literal[
    "identity", "bound", "structure", "copies", "deduction", "prose", "years", "plausibility"
]
HEADINGS: tuple[str, ...] = ("What it says", "Why", "Example", "What breaks it", "Source")
HEADINGS_ZH: tuple[str, ...] = ("规则", "理由", "举例", "何时不符", "出处")


@dataclass(frozen=True, slots=True)
class Example:
    """A small report in which a rule holds or is broken.

    It is a report of form ``form`` in which every count is 0 and every sum of money 0, read as it
    is printed, but for what is said here.

    Attributes:
        cells: What is printed in a cell instead of 0: ``"3"``, ``"1 2"``, ``"/"``.
        prose: Sentences of section 一.
        agency: The agency of the title.
        form: Variant of the form (`verify.forms.Form.variant`).
        edits: Replacements in the printed text, first occurrence each.
        reading: What the reading says otherwise: the name of a cell, and the cell in whose place
            the reading puts it, or ``"missing"`` or ``"blank"``. ``"=WORDS"`` puts it where these
            words stand first, ``"=WORDS>2"`` on the second field after them on their line, and
            ``"CELL?CODE"`` doubts what stands in the place of a cell. ``form`` with ``"none"`` is a
            reading of no form, ``repeats`` with ``"none"`` one that tells of no copies. ``named`` with a
            table is one whose rows a model named, ``skipped`` what it passed over.
        previous: Cells of last year's result that are not 0, or None where there is none.
        previous_agency: The agency of last year's report when it is another.
        others: Reports of other agencies: the cells that are not 0.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    prose: str = ""
    agency: str = "青岚市水利局"
    form: str = "2021+2021"
    edits: tuple[tuple[str, str], ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, str] | None = None
    previous_agency: str | None = None
    others: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Stable name, as findings carry it.
        forms: Variants of the forms for which it holds.
        zh: The rule in one Chinese sentence; the form's own where the form states it.
        en: The same in English.
        passes: An example in which it holds.
        fails: An example that breaks it.
    """

    id: str
    forms: tuple[str, ...]
    zh: str
    en: str
    passes: Example
    fails: Example


@dataclass(frozen=True, slots=True)
class Family:
    """Rules of one idea.

    Attributes:
        id: Its name; a rule's id is this or begins with this and a point.
        kind: What is checked.
        severity: Of its findings; where a finding has another, its documentation says when.
        codes: Reason codes of its findings, the usual one first.
        check: Module and name of the function that is the check.
        summary: First line of the documentation.
        doc: The documentation by heading, English and Chinese.
        rules: Its rules.
    """

    id: str
    kind: Kind
    severity: Severity
    codes: tuple[str, ...]
    check: str
    summary: str
    doc: Mapping[str, str]
    rules: tuple[Rule, ...]
