"""A form of another country works from one data file: no line of code knows it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from extractor.readers import tabbed
from extractor.rules.lint import report
from tests.each import rows_of
from verify.arithmetic import check, deduce, signed_cells
from verify.figures import Number
from verify.forms import FormsError, installed_forms, load_forms
from verify.judge import judge
from verify.localise import localise

told = rows_of(__file__)
FILE = Path(__file__).parent / "data" / "fisheries.toml"
TEXT = FILE.read_text(encoding="utf-8")
FORMS = load_forms(FILE)
(FORM,) = FORMS.forms
BOATS = {  # inshore, deep sea
    "stock_before": (4, 10),
    "herring": (7, 20),
    "cod": (3, 30),
    "fish": (10, 50),
    "crab": (5, 0),
    "mussels": (6, 0),
    "shellfish": (11, 0),
    "landed": (21, 50),
    "sold": (20, 40),
    "stock_after": (5, 20),
}
VALUES: dict[str, Number | None] = {
    **{
        f"landings.{row}.{column}": figure
        for row, (one, two) in BOATS.items()
        for column, figure in (("inshore", one), ("deep_sea", two), ("all", one + two))
    },
    **{
        f"licences.{row}.{column}": figure
        for row, figures in (("boats", (40, 3, 37, -2)), ("anglers", (9, 0, 9, 1)))
        for column, figure in zip(("gross", "returned", "net", "balance"), figures, strict=True)
    },
    "licences.boats.fees": Decimal("12.50"),
    "licences.anglers.fees": Decimal(3),
}


def printed(values: dict[str, Number | None]) -> str:
    """The report, its columns in another order than the form's."""
    lines = ["Annual return of the harbour office", "Some words.", ""]
    for table in FORM.tables:
        columns = table.rows[0].columns[::-1]
        lines += [f"{table.number}. {table.title}", "\t".join(["", *(c.label for c in columns)])]
        for row in table.rows:
            cells = (values.get(f"{table.id}.{row.id}.{c.id}") for c in columns)
            said = ("" if value is None else str(value) for value in cells)
            lines.append("\t".join([f"{row.ordinal} {row.label}".strip(), *said]))
    return "\n".join([*lines, "Remarks", "None."])


def test_its_cells_identities_and_units_come_from_the_file() -> None:
    assert set(VALUES) == set(FORM.cells)
    assert len(FORM.identities) == 24
    assert FORM.kinds["licences.boats.balance"] == "change"
    assert FORM.table("landings").rows[0].columns[0].unit == "tonnes"
    (net,) = (one for one in FORM.identities if one.id == "net.boats")
    assert net.plus == ("licences.boats.net", "licences.boats.returned")
    assert net.minus == ("licences.boats.gross",)


def test_its_sums_are_checked_deduced_and_localised() -> None:
    assert len(check(FORM.identities, VALUES).held) == 24
    for name in FORM.cells:
        if any(name in one.cells for one in FORM.identities):
            lost = {**VALUES, name: None}
            assert deduce(FORM.identities, lost, signed_cells(FORM)).values == {name: VALUES[name]}
    wrong = {**VALUES, "landings.cod.deep_sea": 31}
    (suspicion,) = localise(FORM, wrong)
    assert suspicion.sets == (("landings.cod.deep_sea",),)


def test_its_rules_are_linted() -> None:
    lines = "\n".join(report(FORMS.forms))
    assert "landings     22 identities, rank 18, 4 redundant" in lines


def test_a_report_of_it_is_read_and_accepted() -> None:
    verified = judge(tabbed.read(printed(VALUES), FORMS))
    assert (verified.verdict, verified.findings) == ("accepted", ())
    assert {name: cell.value for name, cell in verified.cells.items()} == VALUES


def test_a_report_of_it_that_does_not_add_up_is_inconsistent_and_localised() -> None:
    verified = judge(tabbed.read(printed({**VALUES, "landings.sold.inshore": 21}), FORMS))
    assert verified.verdict == "inconsistent"
    assert [one.sets for one in verified.suspects] == [(("landings.sold.inshore",),)]


def test_a_blank_of_it_is_completed_only_where_sums_give_it() -> None:
    verified = judge(tabbed.read(printed({**VALUES, "landings.cod.all": None}), FORMS))
    assert verified.verdict == "completed"
    assert verified.cells["landings.cod.all"].value == 33
    verified = judge(tabbed.read(printed({**VALUES, "licences.boats.fees": None}), FORMS))
    assert verified.verdict == "incomplete"


@told
def test_what_is_not_understood_in_its_tables_is_never_passed_over(old: str, new: str) -> None:
    assert judge(tabbed.read(printed(VALUES).replace(old, new), FORMS)).verdict == "rejected"


def test_a_package_brings_a_form_by_an_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, info = tmp_path / "harbour_office", tmp_path / "harbour_office-1.dist-info"
    package.mkdir()
    info.mkdir()
    (package / "__init__.py").touch()
    (package / "fisheries.toml").write_text(TEXT, encoding="utf-8")
    (info / "METADATA").write_text("Name: harbour-office\nVersion: 1\n", encoding="utf-8")
    points = "[gouji.forms]\nany = harbour_office:fisheries.toml\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    installed_forms.cache_clear()
    try:
        assert list(installed_forms()) == ["disclosure", "fisheries"]
    finally:
        installed_forms.cache_clear()


def test_the_file_in_the_documents_is_one_that_can_be_read(tmp_path: Path) -> None:
    page = (FILE.parents[2] / "docs" / "new-forms.md").read_text(encoding="utf-8")
    file = tmp_path / "shown.toml"
    assert page.count("```toml") == 2
    assert '[project.entry-points."gouji.forms"]\nfisheries = "harbour_office:' in page
    shown = page.partition("```toml\n")[2].partition("```")[0]
    file.write_text(shown, encoding="utf-8")
    with pytest.raises(FormsError, match="nothing is part of 'none'"):
        load_forms(changed(file, "parts(fish)", "parts(none)"))
    (form,) = load_forms(changed(file, "parts(none)", "parts(fish)")).forms
    assert [one.id for one in form.identities] == ["fish.inshore", "fish.all"]


def changed(file: Path, old: str, new: str) -> Path:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return file


WRONG = [
    ('format = "1"', 'format = "9"', "fisheries.toml.format: '9' is none of 1"),
    ('id = "coast"', 'id = "Coast!"', "forms[Coast!].id: 'Coast!' is not a name"),
    ('kind = "money"', 'kind = "gold"', "licences].columns.fees.kind: 'gold' is none of"),
    ('part_of = "fish"', 'part_of = "fowl"', "landings].rows: 'herring' is part of 'fowl'"),
    ('part_of = "landed"', 'part_of = "fish"', "the totals above 'herring' run in a circle"),
    ('label = "Crab"', 'lable = "Crab"', "rows[crab].label: is missing"),
    ('label = "Cod"', 'label = "Cod"\nfish = 1', "rows[cod].fish: no such key here"),
    ("net = gross - returned", "net = gross * 2", "cannot be read at '* 2'"),
    ("net = gross - returned", "net = gros - returned", "'gros' is none of gross"),
    ("net = gross - returned", "net = gross - gross", "has 'gross' twice"),
    ("net = gross - returned", "net - gross", "needs exactly one '='"),
    ("net = gross - returned", "net = fees", "there is money in this one"),
    ("parts(landed)", "parts(cod)", "nothing is part of 'cod'"),
    ('id = "net.{row}"', 'id = "net"', "needs {row}"),
    ("{column.label}: fish", "{row.label}: fish", "{row.label} in"),
    ('"all"]\n', '"none"]\n', "column_sets.boats: no column is called 'none'"),
    ('id = "cod"', 'id = "herring"', "'herring' stands twice"),
    ('unit = "tonnes", part_of = "all" }\ndeep', 'part_of = "all" }\ndeep', "several units"),
    ("[words]", "[words", "is no TOML"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG)
def test_a_mistake_in_the_file_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in TEXT
    file = tmp_path / FILE.name
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(FormsError) as caught:
        load_forms(file)
    assert message in str(caught.value)
    assert str(caught.value).startswith("fisheries.toml")
