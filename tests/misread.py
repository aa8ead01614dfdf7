"""A right report of either form, and edits of it of which the truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractor.pipeline import work
from tests.conftest import APPLICANTS, OUTCOMES
from tests.conftest import PROCEEDINGS as SUITS
from tests.garbler.judge import PASSING
from tests.garbler.model import Value
from tests.garbler.truth import form_of
from tests.hard.draft import Draft, Style
from verify import Verified

LINES = Style(between=" ")
YEAR, AGENCY, OTHER_AGENCY = 2022, "青岚市商务局", "青岚市财政局"
HEADINGS = {
    "proactive": "二、主动公开政府信息情况\n",
    "requests": "三、收到和处理政府信息公开申请情况\n",
    "proceedings": "四、政府信息公开行政复议、行政诉讼情况\n",
}
_OUTSIDE_RESULTS = ("new_received", "carried_in", "carried_out")
_TWO: dict[str, dict[str, Sequence[Value]]] = {
    "2021": {
        "regulations": (1, 2, 9),
        "normative_documents": (3, 1, 20),
        "licensing": (397,),
        "penalties": (12,),
        "coercion": (2,),
        "fees": (15,),
    },
    "2019": {
        "regulations": (1, 2, 9),
        "normative_documents": (3, 1, 20),
        "licensing": (14, 2, 45),
        "other_services": (30, 1, 17),
        "penalties": (60, 5, 8),
        "coercion": (3, 1, 0),
        "fees": (4, 1),
        "procurement": (6, 88),
    },
}
_THREE: dict[str, Sequence[int]] = {
    "new_received": (5, 3, 1, 2, 4, 0),
    "carried_in": (1, 0, 0, 0, 0, 0),
    "granted": (3, 3, 1, 0, 0, 0),
    "unable_not_held": (2, 0, 0, 2, 4, 0),
    "carried_out": (1, 0, 0, 0, 0, 0),
}
_FOUR: dict[str, Sequence[int]] = {
    "reconsideration": (2, 1, 0, 0),
    "litigation_direct": (1, 0, 0, 0),
    "litigation_after_reconsideration": (0, 0, 1, 0),
}
# Another year's, or another agency's; every sum of theirs holds as well.
_OTHER_THREE: dict[str, Sequence[int]] = {
    "new_received": (9, 2, 0, 0, 0, 0),
    "granted": (6, 1, 0, 0, 0, 0),
    "unable_not_held": (2, 1, 0, 0, 0, 0),
    "carried_out": (1, 0, 0, 0, 0, 0),
}


@cache
def figures(variant: str = "2021+2021", *, other: bool = False) -> Mapping[str, Value]:
    """A figure for each cell; the report's own, or those of another year or agency."""
    form = form_of(variant)
    found: dict[str, Value] = dict.fromkeys(form.cells, 0)
    if not other:
        for row in form.table("proactive").rows:
            own = _TWO[variant[:4]][row.id]
            names = form.table("proactive").cells(row)
            found.update(zip(names, own, strict=True))
    for id, counts in (_OTHER_THREE if other else _THREE).items():
        for applicant, count in zip(APPLICANTS, (*counts, sum(counts)), strict=True):
            found[f"requests.{id}.{applicant}"] = count
            if id not in _OUTSIDE_RESULTS:
                found[f"requests.results_total.{applicant}"] += count
    for id, counts in _FOUR.items():
        for outcome, count in zip(OUTCOMES, (*counts, sum(counts)), strict=True):
            found[f"proceedings.{id}.{outcome}"] = 0 if other else count
    return found


@dataclass(frozen=True, slots=True)
class Report:
    """A report and what may be read of it.

    Attributes:
        text: As a reader is given it.
        truth: The figure of each cell, or None for a cell of which the text prints no figure.
    """

    text: str
    truth: Mapping[str, Value | None]

    def edit(self, old: str, new: str, truth: Mapping[str, Value | None] | None = None) -> Report:
        """The report with other words in one place, and what is true of it then."""
        assert self.text.count(old) == 1, (old, self.text.count(old))
        return replace(
            self, text=self.text.replace(old, new), truth={**self.truth, **(truth or {})}
        )

    def without(self, *starts: str) -> Report:
        """The report with no figure printed for cells whose names begin so."""
        truth = {name: None if name.startswith(starts) else v for name, v in self.truth.items()}
        return replace(self, truth=truth)

    def wrong(self, outcome: Verified) -> dict[str, tuple[Value | None, Value | None]]:
        """The cells that have a value which is not theirs, each with its value and the truth."""
        return {
            name: (cell.value, self.truth.get(name))
            for name, cell in outcome.cells.items()
            if cell.state in ("read", "deduced") and cell.value != self.truth.get(name)
        }


def silent(report: Report) -> dict[str, tuple[Value | None, Value | None]]:
    """The wrong cells of a report that passes; none of one that does not."""
    outcome = work(report.text)
    return report.wrong(outcome) if outcome.verdict in PASSING else {}


@cache
def _is_read(text: str, truth: tuple[tuple[str, Value | None], ...]) -> bool:
    outcome = work(text)
    values = {name: cell.value for name, cell in outcome.cells.items() if cell.state == "read"}
    return outcome.verdict == "accepted" and values == dict(truth)


def is_read(report: Report) -> bool:
    """Whether the report is accepted with every figure as it is printed."""
    return _is_read(report.text, tuple(report.truth.items()))


def reads(report: Report, *tables: str) -> bool:
    """Whether every figure of these tables is read as it is printed, whatever the verdict.

    In a rejected report what was tried stands beside the cell.
    """
    cells = work(report.text).cells
    return all(
        name in cells
        and cells[name].state == "read"
        and figure in (cells[name].value, cells[name].tentative)
        for name, figure in report.truth.items()
        if name.startswith(tables)
    )


# --- parts of a report ----------------------------------------------------------------------------


def _draft(variant: str, *, other: bool = False) -> Draft:
    draft = Draft(variant, "zero", 0)
    draft.figures = dict(figures(variant, other=other))
    return draft


def title(agency: str = AGENCY, year: str = f"{YEAR}年") -> str:
    """A title and section 一."""
    return f"{agency}{year}政府信息公开工作年度报告\n\n一、总体情况\n栏目按月更新，来信逐件答复。\n"


END = "\n五、存在的主要问题及改进情况\n人手偏紧，明年增补。\n\n六、其他需要报告的事项\n无。\n"


def proactive(style: Style = LINES, variant: str = "2021+2021", *, other: bool = False) -> str:
    """Table 二."""
    draft = _draft(variant, other=other)
    draft.proactive(style)
    return "".join(draft.parts).lstrip()


def requests(
    style: Style = LINES,
    variant: str = "2021+2021",
    *,
    other: bool = False,
    header: str | None = None,
    columns: Sequence[str] = APPLICANTS,
    years: tuple[str, str] | None = None,
) -> str:
    """Table 三.

    Args:
        style: What stands between cells.
        variant: The form.
        other: With the figures of another year or agency.
        header: The header, when it is not the form's.
        columns: The order of the columns.
        years: Words before the figures of last year, given first, and of this one, in every row.
    """
    draft = _draft(variant, other=other)
    if header is None:
        draft.request_headers(style)
    else:
        draft.say(header.replace(" ", style.between) + "\n")
    last = figures(variant, other=True)
    for row in form_of(variant).table("requests").rows:
        names = [f"requests.{row.id}.{column}" for column in columns]
        labels = draft.labels(row, {})
        if years:
            draft.say(style.line([*labels, years[0], *(str(last[name]) for name in names)]))
            labels = [years[1]]
        draft.line(style, labels, names)
    return HEADINGS["requests"] + "".join(draft.parts)


def outcomes(suits: Sequence[str] = SUITS, columns: Sequence[str] = OUTCOMES) -> list[str]:
    """The figures of table 四, row by row."""
    truth = figures()
    return [str(truth[f"proceedings.{suit}.{column}"]) for suit in suits for column in columns]


def proceedings(style: Style = LINES) -> str:
    """Table 四 in three labelled rows."""
    draft = _draft("2021+2021")
    draft.proceedings(style)
    return "".join(draft.parts).lstrip()


def report(style: Style = LINES, variant: str = "2021+2021", /, **instead: str) -> Report:
    """A right report, or one with another text ``instead`` of some of its parts."""
    parts = {
        "head": title(),
        "proactive": proactive(style, variant),
        "requests": requests(style, variant),
        "proceedings": proceedings(style),
        "end": END,
    }
    assert instead.keys() <= parts.keys()
    return Report("".join({**parts, **instead}.values()), figures(variant))
