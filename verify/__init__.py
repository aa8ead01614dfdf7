"""The verifier: whether a reading of a report may be trusted, and whether the report balances.

It knows the forms, finds figures and labels in a text, checks any reading against both and gives the
verdict. It imports no reader, no model and no network package.
"""

from __future__ import annotations

from verify.cells import CellValue
from verify.findings import Finding
from verify.forms import Form, Identity, compose, every_form
from verify.layout import Layout, lay_out
from verify.reading import BLANK, MISSING, Note, Place, Reading
from verify.verdict import Verified, verify

__all__ = [
    "BLANK",
    "MISSING",
    "CellValue",
    "Finding",
    "Form",
    "Identity",
    "Layout",
    "Note",
    "Place",
    "Reading",
    "Verified",
    "compose",
    "every_form",
    "lay_out",
    "verify",
]
