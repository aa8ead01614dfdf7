"""The two official forms and their hybrids, as data.

A form is the composition of one table 二, one table 三 and table 四. Which ones a report prints is
decided from its labels and shapes, never from its year; `compose` gives the form for what was found.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from verify.forms._tables import (
    APPLICANTS,
    PROACTIVE_2019,
    PROACTIVE_2021,
    PROCEEDINGS,
    REQUESTS_2019,
    REQUESTS_2021,
)
from verify.forms._types import Column, Form, FormId, Identity, Row, Table, TableId, ValueKind

__all__ = [
    "APPLICANTS",
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
    "Identity",
    "Row",
    "Table",
    "TableId",
    "ValueKind",
    "compose",
    "every_form",
]

FORM_DATA_VERSION = "1"
Edition = Literal["2019", "2021"]

_NOT_RESULTS = ("new_received", "carried_in", "results_total", "carried_out")


def _request_identities(table: Table) -> list[Identity]:
    def cell(row: str, column: str) -> str:
        return f"requests.{row}.{column}"

    parts = [row.id for row in table.rows if row.id not in _NOT_RESULTS]
    found = [
        Identity(
            f"balance.{column.id}",
            (cell("new_received", column.id), cell("carried_in", column.id)),
            (cell("results_total", column.id), cell("carried_out", column.id)),
            f"{column.label}一列：第一项加第二项之和，等于第三项总计加第四项之和",
            f"column {column.id}: new_received + carried_in = results_total + carried_out",
        )
        for column in APPLICANTS
    ]
    found += [
        Identity(
            f"results.{column.id}",
            tuple(cell(part, column.id) for part in parts),
            (cell("results_total", column.id),),
            f"{column.label}一列：第三项（一）至（六）各行之和，等于（七）总计",
            f"column {column.id}: the rows of 三（一）to（六）sum to results_total",
        )
        for column in APPLICANTS
    ]
    found += [
        Identity(
            f"row.{row.id}",
            tuple(cell(row.id, column.id) for column in APPLICANTS[:-1]),
            (cell(row.id, "total"),),
            f"“{row.printed}”一行：六类申请人之和，等于总计",
            f"row {row.id}: the six applicant columns sum to total",
        )
        for row in table.rows
    ]
    return found


def _proceeding_identities() -> list[Identity]:
    found = []
    for row in PROCEEDINGS.rows:
        names = PROCEEDINGS.cells(row)
        found.append(
            Identity(
                f"proceedings.{row.id}",
                names[:-1],
                names[-1:],
                f"“{row.label}”：四种结果之和，等于总计",
                f"row {row.id}: the four outcomes sum to total",
            )
        )
    return found


@cache
def compose(proactive: Edition, requests: Edition) -> Form:
    """The form that prints table 二 of one edition and table 三 of another.

    Args:
        proactive: Edition of table 二.
        requests: Edition of table 三; ``2019`` has （六）as one row.
    """
    two = PROACTIVE_2019 if proactive == "2019" else PROACTIVE_2021
    three = REQUESTS_2019 if requests == "2019" else REQUESTS_2021
    form_id: FormId = proactive if proactive == requests else "hybrid"
    identities = (*_request_identities(three), *_proceeding_identities())
    return Form(form_id, f"{proactive}+{requests}", (two, three, PROCEEDINGS), identities)


def every_form() -> tuple[Form, ...]:
    """All four compositions: 2021, 2019 and the two hybrids."""
    return (
        compose("2021", "2021"),
        compose("2019", "2019"),
        compose("2021", "2019"),
        compose("2019", "2021"),
    )
