"""Damage to the figures of a report: wrong digits, structural slips, figures not read."""

from __future__ import annotations

from random import Random

from tests.garbler.truth import SCALES, VARIANTS, form_of, make
from verify.figures import Number
from verify.forms import Form
from verify.localise.slips import Operation, catalogue

Values = dict[str, Number | None]


def requests_cells(form: Form) -> list[str]:
    """The cells of table 三 in order."""
    return [name for name in form.cells if name.startswith("requests.")]


def wrong_digits(rng: Random, figure: int) -> int:
    """A digit changed, dropped, doubled, or two neighbours swapped; never the same figure."""
    digits = str(figure)
    while True:
        at = rng.randrange(len(digits))
        what = rng.choice(("changed", "dropped", "doubled", "swapped"))
        if what == "changed":
            made = digits[:at] + rng.choice("0123456789") + digits[at + 1 :]
        elif what == "dropped":
            made = digits[:at] + digits[at + 1 :]
        elif what == "doubled":
            made = digits[: at + 1] + digits[at:]
        else:
            made = digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :]
        if made and int(made) != figure:
            return int(made)


def do(rng: Random, form: Form, operation: Operation, values: Values) -> Values:
    """What a table looks like after an operation of the catalogue."""
    cells = [requests_cells(form)[i] for i in operation.cells]
    row = [values[name] for name in cells]
    if operation.order:
        made = [row[source] for source in operation.order]
    elif operation.kind == "figure_split":
        made = _split(rng, row)
    else:
        made = _glued(rng, row)
    return values | dict(zip(cells, made, strict=True))


def _split(rng: Random, row: list[Number | None]) -> list[Number | None]:
    wide = [i for i, figure in enumerate(row[:-1]) if figure is not None and figure >= 10]
    if not wide:
        return row
    at = rng.choice(wide)
    digits = str(row[at])
    cut = rng.randint(1, len(digits) - 1)
    return [*row[:at], int(digits[:cut]), int(digits[cut:]), *row[at + 1 : -1]]


def _glued(rng: Random, row: list[Number | None]) -> list[Number | None]:
    at = rng.randrange(len(row) - 1)
    return [*row[:at], int(f"{row[at]}{row[at + 1]}"), *row[at + 2 :], None]


def slipped(rng: Random, form: Form, values: Values) -> tuple[Operation, Values]:
    """A random operation of the catalogue that changes a figure, and what it makes of a table.

    A table of zeros alone has none that does.
    """
    while True:
        operation = rng.choice(catalogue(form, "requests"))
        made = do(rng, form, operation, values)
        if any(made[name] is not None and made[name] != values[name] for name in values):
            return operation, made


def corrupted(rng: Random) -> tuple[Form, Values]:
    """A report of any form and size with some figures wrong, some negative, some not read."""
    variant = rng.choice(list(VARIANTS))
    form = form_of(variant)
    values: Values = dict(make(rng, variant, rng.choice(SCALES)))
    cells = [name for name in form.cells if not name.startswith("proactive.")]
    for name in rng.sample(cells, rng.choice((0, 0, 0, 2, 5, 10, 20, 40, 80))):
        values[name] = None
    if rng.random() < 0.15:  # a whole column or row was not read
        column, row = rng.choice(cells).split(".")[2], rng.choice(cells).split(".")[1]
        part = f".{column}." if rng.random() < 0.5 else f".{row}."
        values |= {name: None for name in cells if part in f"{name}."}
    if rng.random() < 0.15 and any(values[name] for name in requests_cells(form)):
        values |= _any_slip(rng, form, values)
    pool = cells if rng.random() < 0.5 else rng.choice(_lines(cells))
    for name in rng.sample(pool, min(len(pool), rng.choice((1, 1, 2, 2, 3, 3, 4, 5)))):
        figure = values[name]
        if figure is None:
            continue
        values[name] = rng.choice(
            (
                wrong_digits(rng, abs(int(figure))),
                int(figure) + rng.choice((-1, 1, 2, 10)),
                rng.randint(0, 200),
                -int(figure),
                0,
                rng.randrange(10**15),
            ),
        )
    return form, values


def _any_slip(rng: Random, form: Form, values: Values) -> Values:
    rolls = [operation for operation in catalogue(form, "requests") if operation.order]
    return do(rng, form, rng.choice(rolls), values)


def _lines(cells: list[str]) -> list[list[str]]:
    """The rows and the columns of both tables."""
    lines: dict[str, list[str]] = {}
    for name in cells:
        table, row, column = name.split(".")
        lines.setdefault(f"{table}.{row}", []).append(name)
        lines.setdefault(f"{table}..{column}", []).append(name)
    return list(lines.values())
