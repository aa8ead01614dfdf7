"""Forms as data: the official ones from ``disclosure.toml``, any other from a file of its own.

A form is the composition of one edition of each table. Which ones a report prints is decided from
its labels and shapes, never from its year; `compose` gives the form for what was found.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Literal

from verify.forms._load import load_forms, parse_forms
from verify.forms._node import FormsError
from verify.forms._types import (
    Column,
    Form,
    FormSet,
    Identity,
    Row,
    Table,
    TableId,
    ValueKind,
    YearIdentity,
)

__all__ = [
    "APPLICANTS",
    "DISCLOSURE",
    "FORM_DATA_VERSION",
    "PROACTIVE_2019",
    "PROACTIVE_2021",
    "PROCEEDINGS",
    "REQUESTS_2019",
    "REQUESTS_2021",
    "Column",
    "Edition",
    "Form",
    "FormId",
    "FormSet",
    "FormsError",
    "Identity",
    "Row",
    "Table",
    "TableId",
    "ValueKind",
    "YearIdentity",
    "compose",
    "every_form",
    "installed_forms",
    "load_forms",
]

FormId = Literal["2019", "2021", "hybrid"]
Edition = Literal["2019", "2021"]

_FILE = os.path.join(os.path.dirname(__file__), "disclosure.toml")
DISCLOSURE = parse_forms(globals()["__loader__"].get_data(_FILE), os.path.basename(_FILE))
"""The official forms of the annual report on government information disclosure."""
FORM_DATA_VERSION = DISCLOSURE.version
PROACTIVE_2021 = DISCLOSURE.tables["proactive"]["2021"]
PROACTIVE_2019 = DISCLOSURE.tables["proactive"]["2019"]
REQUESTS_2021 = DISCLOSURE.tables["requests"]["2021"]
REQUESTS_2019 = DISCLOSURE.tables["requests"]["2019"]
PROCEEDINGS = DISCLOSURE.tables["proceedings"][""]
APPLICANTS = REQUESTS_2021.rows[0].columns
_BY_VARIANT = {form.variant: form for form in DISCLOSURE.forms}


def compose(proactive: Edition, requests: Edition) -> Form:
    """The form that prints table 二 of one edition and table 三 of another.

    Args:
        proactive: Edition of table 二.
        requests: Edition of table 三; ``2019`` has （六）as one row.
    """
    return _BY_VARIANT[f"{proactive}+{requests}"]


def every_form() -> tuple[Form, ...]:
    """All four compositions: 2021, 2019 and the two hybrids."""
    return DISCLOSURE.forms


@cache
def installed_forms() -> dict[str, FormSet]:
    """The official forms, and those that other packages bring in the entry point group ``gouji.forms``.

    An entry point names a package and a file in it, ``fisheries = "my_package:fisheries.toml"``; no
    code of the package is needed.

    Raises:
        FormsError: A file is wrong, or two of them have one id.
    """
    from importlib import metadata, resources

    found = {DISCLOSURE.id: DISCLOSURE}
    for point in sorted(metadata.entry_points(group="gouji.forms"), key=lambda one: one.name):
        with resources.as_file(resources.files(point.module).joinpath(point.attr)) as path:
            forms = load_forms(path)
        if forms.id in found:
            raise FormsError(f"{point.value}: id: there are forms called {forms.id!r} already")
        found[forms.id] = forms
    return found
