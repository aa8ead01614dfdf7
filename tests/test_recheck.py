"""`extract verify`: a stored result follows from its source and spans, or it is said where it does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor import __version__
from extractor.errors import InputError, UsageError
from extractor.pipeline import read_source
from extractor.rungs import Asking, build
from extractor.source import SourceText, load
from tests.conftest import CASES, GOLDEN, command, extract
from tests.each import each
from tests.hard.attack import ATTACKS
from tests.hard.cases import garbled_case, trap_case
from tests.recheck import CHANGES, Case, case_of, check
from tests.recheck.__main__ import main
from tests.recheck.results import source_of
from tests.suites import few_or_many
from verify import Reading, compose, verify
from verify.forms import FORM_DATA_VERSION
from verify.provenance import Provenance, Source
from verify.result import to_result
from verify.stored.differences import KINDS

run = command("verify")

Json = dict[str, Any]
CELL = "requests.granted.total"


@cache
def golden(name: str) -> Case:
    return case_of(name, load(str(GOLDEN / name / "report.txt")))


def kinds(case: Case, data: Json) -> set[str]:
    return {difference.kind for difference in check(case, data).wrong}


def by_another(data: Json) -> Json:
    """The same as another program would have made it."""
    data["provenance"] |= {"version": "9.0", "reader": "mine"}
    return data


# --- what this program made follows, whatever its verdict


@pytest.mark.recheck
def test_results_of_a_model_follow() -> None:
    asking = Asking(
        models=("openai/scripted",),
        cache=str(GOLDEN / "recorded"),
        offline=True,
        max_requests=500,
    )
    with closing(build(asking, {})) as ladder:
        for name in CASES:
            source = load(str(GOLDEN / name / "report.txt"))
            case = case_of(name, source, read_source(source, ladder))
            again = check(case, case.result)
            assert again.follows, (name, [d.message("en") for d in again.wrong])
            assert again.result.model_dump_json() == case.result


def made_from(source: SourceText, reading: Reading, version: str = __version__) -> Case:
    provenance = Provenance(
        source=Source(
            name=source.name, sha256=source.sha256, encoding=source.encoding, chars=len(source.text)
        ),
        reader="mine",
        form_data=FORM_DATA_VERSION,
        version=version,
    )
    return case_of(source.name, source, to_result(verify(source.text, reading), provenance))


@pytest.mark.recheck
def test_results_of_wrong_readings_follow_as_well() -> None:
    for known in filter(
        None, (make(seed) for make in (garbled_case, trap_case) for seed in range(4))
    ):
        rng = Random(known.name)
        source = source_of(known.layout.source, known.name)
        for bend in ATTACKS:
            places = dict(known.reading.places)
            bend(known, places, rng)
            spans = [place.span for place in places.values() if place.span]
            if not all(start < end <= len(source.text) for start, end in spans):
                continue  # a result with such a span is said to be wrong
            for repeats in {len(r): r for r in (known.reading.repeats, ())}.values():
                case = made_from(source, Reading(known.form, places, repeats))
                again = check(case, case.result)
                assert again.follows, (known.name, bend.__name__, again.wrong[:2])


# --- whatever is changed is noticed


@pytest.mark.recheck
@pytest.mark.parametrize("kind", ["golden", "hard", "garbled"])
def test_every_change_is_noticed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And every result as it is follows, and comes out the same."""
    options = ["--seeds", "40", "--start", "100", "--changed", "12", "--leaves", "5"]
    assert main(["--kind", kind, *options]) == 0, capsys.readouterr().out


def test_what_only_the_maker_knows_is_kept() -> None:
    case = golden("tab-indented-2021")
    data = case.changed()
    counts = {"input_tokens": 7, "output_tokens": 1, "cached_tokens": 0}
    usage = {**counts, "requests": 1, "cost_usd": None}
    data["provenance"] |= {"usage": usage, "attempts": [{"seconds": 0.5, "status": 200}]}
    again = check(case, data)
    assert again.follows
    kept = again.result.provenance.model_dump()
    assert kept["usage"] == usage
    assert kept["attempts"] == ({"seconds": 0.5, "status": 200},)


def test_each_disagreement_says_where_and_what() -> None:
    case = golden("tab-indented-2021")
    data = case.changed()
    cell = "requests.granted.total"
    data["cells"][cell]["value"] += 1
    (found,) = check(case, data).wrong
    assert (found.kind, found.path, found.cell) == ("value", f'$.cells["{cell}"].value', cell)
    told = found.as_dict()
    assert told["stored"] == told["derived"] + 1
    assert case.source.text[slice(*told["span"])] == str(told["derived"])
    assert str(told["derived"]) in told["message_zh"]
    assert str(told["derived"]) in told["message_en"]


def test_every_kind_has_both_sentences() -> None:
    for zh, en in KINDS.values():
        assert zh
        assert en.isascii()


# --- copies of a table


def test_a_copy_cannot_be_kept_quiet() -> None:
    case = golden("table-printed-twice-alike")
    data = case.changed()
    data["reasons"] = [r for r in data["reasons"] if r["code"] != "table_repeated"]
    again = check(case, data)
    assert "reason_missing" in {difference.kind for difference in again.wrong}


def test_a_result_that_hides_a_copy_with_other_figures_does_not_follow() -> None:
    case = golden("table-printed-twice-alike")
    text = case.source.text
    data = case.changed()
    spans = [c["span"] for n, c in data["cells"].items() if n.startswith("requests.granted.")]
    row = text[spans[0][0] : spans[-1][1]]
    at = text.rindex(row)
    assert at > spans[0][0]
    changed = source_of(text[:at] + "7" + text[at + 1 :], "changed")
    data["provenance"]["source"] |= {"sha256": changed.sha256, "chars": len(changed.text)}
    data["provenance"]["source"]["encoding"] = "utf-8"
    again = check(Case("changed", changed, case.result), data)
    assert again.result.verdict in ("inconsistent", "rejected", "incomplete")
    assert "verdict" in {difference.kind for difference in again.wrong}


# --- results of other makers


def of_the_contract_alone(data: Json, rng: Random) -> Json:
    """The same as another maker writes it by the contract: its keys, its own words, any order."""
    names = list(data["cells"])
    rng.shuffle(names)
    keys = ("value", "state", "text", "span", "was", "proof")
    told = ("code", "severity", "rule", "cells", "expected", "actual", "span")
    return {
        "schema_version": "1",
        "verdict": data["verdict"],
        "reasons": [
            {key: r[key] for key in told} | {"message_zh": "不符", "message_en": "differs"}
            for r in data["reasons"]
        ],
        "report": data["report"],
        "cells": {
            n: {k: data["cells"][n][k] for k in keys if k in data["cells"][n]} for n in names
        },
        "identities": data["identities"],
        "suspects": [{key: s[key] for key in ("identities", "sets")} for s in data["suspects"]],
        "provenance": {
            "source": data["provenance"]["source"],
            "reader": "by hand",
            "model": None,
            "prompt": None,
            "attempts": [],
            "version": "mine 1",
            "usage": {"input_tokens": 0, "output_tokens": 0, "requests": 0, "cost_usd": None},
        },
    }


@few_or_many("recheck")
def test_a_result_with_nothing_but_the_contract_follows(many: bool) -> None:
    for name in CASES if many else CASES[::4]:
        follows_by_the_contract_alone(name)


def follows_by_the_contract_alone(name: str) -> None:
    case = golden(name)
    data = of_the_contract_alone(case.changed(), Random(name))
    assert check(case, data).wrong == ()
    found = [c for c in data["cells"].values() if c["state"] == "read" and c["value"] == 0]
    if len(found) > 1:
        found[0]["span"], found[-1]["span"] = found[-1]["span"], found[0]["span"]
        assert not check(case, data).follows


def test_blanks_taken_for_zeros_do_not_follow_whoever_made_the_result() -> None:
    for name in ("blanks-that-follow", "blanks-that-do-not-follow"):
        case = golden(name)
        data = of_the_contract_alone(case.changed(), Random(1))
        for cell in data["cells"].values():
            if cell["state"] != "read":
                cell |= {"state": "read", "value": 0}
                cell.pop("was", None)
                cell.pop("proof", None)
        data |= {"verdict": "accepted", "reasons": [], "suspects": []}
        data["identities"] = {"held": 42, "failed": 0, "not_evaluable": 0}
        assert "verdict" in kinds(case, data)


def test_reasons_in_another_makers_codes_are_known_by_their_cells_and_figures() -> None:
    case = golden("one-digit-wrong")
    data = of_the_contract_alone(case.changed(), Random(1))
    for reason in data["reasons"]:
        reason |= {"code": f"mine-{reason['code']}", "rule": None}
    again = check(case, data)
    assert again.follows
    assert "told_otherwise" in {note.kind for note in again.notes}
    error = next(r for r in data["reasons"] if r["severity"] == "error")
    for key, other in (("expected", "0"), ("cells", error["cells"][1:]), ("severity", "info")):
        kept, error[key] = error[key], other
        assert not check(case, data).follows, key
        error[key] = kept
    data["reasons"].append(error | {"cells": ["requests.granted.total"], "expected": "1"})
    assert kinds(case, data) == {"reason_unfounded"}


def test_how_another_maker_asked_its_models_is_kept_or_noted() -> None:
    case = golden("tab-indented-2021")
    data = of_the_contract_alone(case.changed(), Random(1))
    data["provenance"]["usage"] |= {"requests": 2, "cost_usd": 0.0125}
    again = check(case, data)
    assert again.follows
    assert again.result.provenance.usage.cost_usd == "0.0125"
    data["provenance"] |= {"attempts": ["one", "two"], "usage": "much", "prompt": {"text": "x"}}
    again = check(case, data)
    assert again.follows
    assert [n.path for n in again.notes if n.kind == "not_kept"] == [
        "$.provenance.prompt",
        "$.provenance.attempts",
        "$.provenance.usage",
    ]
    data["provenance"]["reader"] = 3
    assert kinds(case, data) == {"wrong_type"}


def grouped_otherwise(data: Json) -> Json:
    (blank,) = (r for r in data["reasons"] if r["code"] == "cells_blank")
    data["reasons"].remove(blank)
    data["reasons"] += [blank | {"cells": [name]} for name in blank["cells"]]
    return data


def cells_of_reasons(cells: object) -> Callable[[Json], object]:
    return lambda data: [reason.update(cells=cells) for reason in data["reasons"]]


def errors_only(data: Json) -> None:
    data["reasons"] = [r for r in data["reasons"] if r["severity"] == "error"]


def without_errors(data: Json) -> None:
    data["reasons"] = [r for r in data["reasons"] if r["severity"] != "error"]


def with_proof(*proof: str) -> Callable[[Json], object]:
    cell = "requests.granted.natural_person"
    return lambda data: data["cells"][cell].update(proof=list(proof))


def with_keys_more(data: Json) -> None:
    data["mine"] = data["cells"][CELL]["confidence"] = 0.5


# of another maker: the golden case, what is changed, kinds of what is wrong, kinds of what is noted
OTHERS: list[tuple[str, Callable[[Json], object], set[str], set[str]]] = [
    ("one-digit-wrong", without_errors, {"reason_missing"}, set()),
    ("odd-spellings", errors_only, set(), {"other_version", "not_said"}),
    *(
        ("suspect-doubtful", cells_of_reasons(odd), {"wrong_type"}, set())
        for odd in (True, 1.5, {"a": 1}, [1], [["x"]])
    ),
    ("blanks-that-do-not-follow", grouped_otherwise, set(), {"told_otherwise"}),
    (
        "blanks-that-do-not-follow",
        lambda data: grouped_otherwise(data)["reasons"].pop(),
        {"reason_unfounded"},
        set(),
    ),
    ("blanks-that-follow", with_proof("results.natural_person"), set(), set()),
    ("blanks-that-follow", with_proof("row.granted"), set(), {"other_proof"}),
    ("blanks-that-follow", with_proof("row.denied_state_secret"), {"proof"}, set()),
    ("tab-indented-2021", with_keys_more, set(), {"extra_key"}),
]


@each(("name", "bend", "wrong", "noted"), OTHERS)
def test_what_another_maker_may_tell_otherwise_is_noted_and_the_rest_is_wrong(
    name: str, bend: Callable[[Json], object], wrong: set[str], noted: set[str]
) -> None:
    case = golden(name)
    data = by_another(case.changed())
    bend(data)
    again = check(case, data)
    found = {difference.kind for difference in again.wrong}
    assert found >= wrong
    assert bool(found) == bool(wrong), found
    assert noted <= {note.kind for note in again.notes}


def test_remarks_left_out_are_wrong_in_a_result_of_this_program() -> None:
    data = golden("odd-spellings").changed()
    errors_only(data)
    assert kinds(golden("odd-spellings"), data) == {"reason_missing"}


def test_a_value_is_wrong_whoever_made_it() -> None:
    for change in (
        "value_and_text_one_more",
        "spans_exchanged",
        "rows_exchanged",
        "verdict_changed",
    ):
        case = golden("tab-indented-2021")
        data = by_another(case.changed())
        assert CHANGES[change](data, Random(3))
        assert not check(case, data).follows


Steps = tuple[str | int, ...]
SHAPES: dict[str, tuple[str, Steps, Callable[[Any], object] | None]] = {
    "a number as text": ("wrong_type", ("cells", CELL, "value"), str),
    "a number as a float": ("wrong_type", ("cells", CELL, "value"), float),
    "a span as an object": ("wrong_type", ("cells", CELL, "span"), lambda span: {"at": span}),
    "a cell that is no object": ("wrong_type", ("cells", CELL), lambda _: 3),
    "a state that is none": ("wrong_type", ("cells", CELL, "state"), lambda _: "seen"),
    "a model that is a number": ("wrong_type", ("provenance", "model"), lambda _: 1),
    "no reasons": ("missing_key", ("reasons",), None),
    "no provenance": ("missing_key", ("provenance",), None),
    "no form": ("missing_key", ("report", "form"), None),
    "another form": ("form", ("report", "form"), lambda _: "2019"),
    "another schema": ("schema_version", ("schema_version",), lambda _: 1),
}


@each("shape", SHAPES)
def test_a_wrong_shape_is_named_by_its_path_and_the_rest_is_still_checked(shape: str) -> None:
    kind, path, bend = SHAPES[shape]
    case = golden("tab-indented-2021")
    data = case.changed()
    put(data, path, bend)
    told = "".join(f'["{step}"]' if "." in str(step) else f".{step}" for step in path)
    assert (kind, f"${told}") in {(d.kind, d.path) for d in check(case, data).wrong}
    if kind != "wrong_type":
        return
    other = "requests.new_received.business"
    data["cells"][other]["value"] += 1
    assert f'$.cells["{other}"].value' in {d.path for d in check(case, data).wrong}


def put(data: Json, path: Steps, bend: Callable[[Any], object] | None) -> None:
    """Bend what stands at a path, or take it out."""
    holder: Any = data
    for step in path[:-1]:
        holder = holder[step]
    if bend is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = bend(holder[path[-1]])


def test_a_reason_that_is_none_is_named_by_its_place() -> None:
    case = golden("tab-indented-2021")
    data = case.changed() | {"reasons": ["bad"]}
    assert ("wrong_type", "$.reasons[0]") in {(d.kind, d.path) for d in check(case, data).wrong}


def test_more_reasons_than_a_report_can_have_are_said() -> None:
    case = golden("one-digit-wrong")
    data = by_another(case.changed())
    note = data["reasons"][0] | {"severity": "info", "code": "mine"}
    data["reasons"] += [note] * 2000
    assert ("wrong_type", "$.reasons") in {(d.kind, d.path) for d in check(case, data).wrong}


@each("number", ["true", "NaN", "1e400", "9" * 5000, "-0.5", '"1"', "[1]"])
def test_no_number_crashes_and_a_boolean_is_none(number: str) -> None:
    case = golden("tab-indented-2021")
    data = case.changed()
    data["cells"][CELL]["value"] = "HERE"
    again = check(case, json.dumps(data).replace('"HERE"', number))
    assert "wrong_type" in {difference.kind for difference in again.wrong}


def test_a_key_that_stands_twice_is_said() -> None:
    case = golden("tab-indented-2021")
    text = case.result.replace(
        '"verdict":"accepted"', '"verdict":"rejected","verdict":"accepted"', 1
    )
    assert [d.kind for d in check(case, text).wrong] == ["duplicate_key"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.mark.fuzz
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(
        [("reasons", 0), ("reasons", 0, "cells"), ("reasons", 0, "span"), ("reasons", 0, "code")]
        + [("suspects", 0), ("provenance", "source"), ("provenance", "source", "sha256")]
        + [("provenance", "ladder"), ("report", "year"), ("cells", CELL)]
        + [("cells", CELL, key) for key in ("span", "text", "state")]
        + [(key,) for key in ("verdict", "reasons", "report", "identities")]
        + [(key,) for key in ("suspects", "claims", "provenance")]
    ),
    value=json_values,
)
def test_no_json_crashes(path: Steps, value: Any) -> None:
    case = NOT_BALANCED
    data = case.changed()
    put(data, path, lambda _: value)
    again = check(case, json.dumps(data))
    told = [difference.as_dict() for difference in (*again.wrong, *again.notes)]
    json.dumps(told, ensure_ascii=False).encode()


NOT_BALANCED = golden("one-digit-wrong")


# --- the maker's word


def said(code: str, severity: str) -> Json:
    return {
        "code": code,
        "severity": severity,
        "rule": None,
        "cells": [],
        "expected": None,
        "actual": "x",
        "span": None,
        "other_span": None,
        "message_zh": "如此",
        "message_en": "so",
    }


def test_findings_from_outside_the_verifier_are_taken_on_the_makers_word() -> None:
    case = golden("tab-indented-2021")
    data = case.changed()
    data["reasons"].append(said("provider_failed", "warning"))
    again = check(case, data)
    assert again.follows
    assert [(r.code, r.message_zh, r.message_en) for r in again.on_word] == [
        ("provider_failed", "如此", "so")
    ]
    assert again.on_word[0] in again.result.reasons


def test_a_place_on_the_makers_word_must_be_in_the_source() -> None:
    case = golden("tab-indented-2021")
    data = case.changed()
    data["reasons"].append(said("provider_failed", "warning") | {"span": [5, 10**9]})
    assert kinds(case, data) == {"span_outside"}


def test_the_makers_word_makes_a_verdict_worse_and_never_better() -> None:
    case = golden("tab-indented-2021")
    data = case.changed()
    data["reasons"].append(said("not_qualified", "error"))
    assert kinds(case, data) == {"verdict"}
    data["verdict"] = "rejected"
    for cell in data["cells"].values():
        cell["value"], cell["tentative"] = None, cell["value"]
    assert check(case, data).follows
    bad = golden("one-digit-wrong").changed()
    bad["reasons"].append(said("readers_agree", "info"))
    bad["verdict"] = "accepted"
    assert "verdict" in kinds(golden("one-digit-wrong"), bad)


# --- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a report and its result; the working directory is another."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    shutil.copy(GOLDEN / "blanks-that-follow" / "report.txt", tmp_path)
    result = read_source(load(str(tmp_path / "report.txt")))
    (tmp_path / "result.json").write_text(result.model_dump_json(), encoding="utf-8")
    return tmp_path


def output(capfdbinary: pytest.CaptureFixture[bytes]) -> tuple[Json, str]:
    out, err = capfdbinary.readouterr()
    return (json.loads(out) if out else {}), err.decode()


def write(path: Path, data: Json) -> str:
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def test_the_source_is_found_beside_the_result(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run([str(folder / "result.json")]) == 0
    told, err = output(capfdbinary)
    assert list(told) == ["follows", "disagreements", "notes", "taken_on_word", "result", "years"]
    assert told["follows"] is True
    assert told["result"] == json.loads((folder / "result.json").read_bytes())
    assert "completed" in err


def test_the_command_is_wired_and_quiet_when_told(folder: Path) -> None:
    done = extract("verify", folder / "result.json", "-q", cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    data = (folder / "result.json").read_bytes()
    done = extract("verify", "-", "--lang", "en", data=data, cwd=folder)
    assert done.returncode == 0
    assert b"follows" in done.stderr


def test_a_changed_result_ends_with_1(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = json.loads((folder / "result.json").read_bytes())
    data["verdict"] = "accepted"
    path = write(folder / "changed.json", data)
    assert run([path, "--lang", "en"]) == 1
    told, err = output(capfdbinary)
    assert [d["kind"] for d in told["disagreements"]] == ["verdict"]
    assert 'the verdict is "accepted"; "completed" follows' in err


def test_another_file_of_the_same_name_is_said_to_be_another(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    report = folder / "report.txt"
    report.write_bytes(report.read_bytes() + b"\n")
    assert run([str(folder / "result.json")]) == 1
    told, _ = output(capfdbinary)
    assert [d["kind"] for d in told["disagreements"]] == ["source_hash"]
    assert told["result"] is None
    assert run([str(folder / "result.json"), "--source", str(report)]) == 1
    told, _ = output(capfdbinary)
    assert {d["kind"] for d in told["disagreements"]} == {"source_hash", "source_chars"}
    assert told["result"]["verdict"] == "completed"


def test_a_file_with_the_right_hash_goes_before_one_nearer(folder: Path) -> None:
    shutil.copy(folder / "report.txt", folder / "elsewhere" / "report.txt")
    (folder / "report.txt").write_text("something else", encoding="utf-8")
    assert run([str(folder / "result.json"), "-q", "-o", str(folder / "out.json")]) == 0


@pytest.mark.parametrize("name", ["../report.txt", "/etc/hostname", "C:\\report.txt", "-", "", 3])
def test_a_source_named_elsewhere_is_not_opened(folder: Path, name: Any) -> None:
    data = json.loads((folder / "result.json").read_bytes())
    data["provenance"]["source"]["name"] = name
    with pytest.raises(InputError, match="--source"):
        run([write(folder / "elsewhere" / "r.json", data)])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        (b"[]", "no object"),
        (b"3", "no object"),
        (b'{"a": 1}', "cells"),
        (b'{"cells": []}', "cells"),
        (b'{"cells": ' + b"[" * 100_000, "not JSON"),
        (b'{"cells":{"a":' * 70 + b"1" + b"}}" * 70, "deeply"),
        (b" " * (20 * 2**20 + 1), "larger"),
    ],
    ids=lambda value: str(value[:12]),
)
def test_what_is_no_result_is_said_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "r.json").write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        run([str(tmp_path / "r.json")])
    assert "\n" not in str(raised.value)


def test_missing_files_and_wrong_usage_have_their_own_errors(folder: Path) -> None:
    result = str(folder / "result.json")
    with pytest.raises(InputError, match="no such file"):
        run([str(folder / "none.json")])
    with pytest.raises(InputError, match="no such file"):
        run([result, "--source", "none.txt"])
    for empty in ("--previous", "--other", "--source"):
        with pytest.raises(InputError, match="no such file"):
            run([result, empty, ""])
    (folder / "report.txt").unlink()
    with pytest.raises(InputError, match="neither beside it nor here"):
        run([result])
    for wrong in ([], [result, "-o", result], ["-", "--source", "-"], [result, "--nonsense"]):
        with pytest.raises(UsageError):
            run(wrong)


def test_a_closed_standard_input_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputError, match="closed"):
        run(["-"])


def test_a_name_of_the_source_that_is_no_text_breaks_nothing(folder: Path) -> None:
    data = json.loads((folder / "result.json").read_bytes())
    del data["provenance"]["source"]["name"]
    path = folder / "r\udcff.txt"
    shutil.copy(folder / "report.txt", path)
    out = folder / "o.json"
    assert run([write(folder / "r.json", data), "--source", str(path), "-q", "-o", str(out)]) == 1
    (wrong,) = json.loads(out.read_bytes())["disagreements"]
    assert (wrong["kind"], wrong["path"]) == ("missing_key", "$.provenance.source.name")


def test_the_source_that_was_found_is_never_overwritten(folder: Path) -> None:
    with pytest.raises(UsageError, match="name another file"):
        run([str(folder / "result.json"), "-o", str(folder / "report.txt")])


def test_every_output_is_written_of_what_follows(folder: Path) -> None:
    names = {"--html": "a.html", "--sarif": "a.sarif", "--junit": "a.xml", "--csv": "a.csv"}
    options = [word for option, name in names.items() for word in (option, str(folder / name))]
    assert run([str(folder / "result.json"), "-q", "-o", str(folder / "o.json"), *options]) == 0
    for name in ("o.json", *names.values()):
        assert (folder / name).stat().st_size > 100, name


# --- last year, and other agencies


def last_year(folder: Path, **changes: Any) -> str:
    """A result of the year before whose 结转 is what this year's report carries in."""
    now = json.loads((folder / "result.json").read_bytes())
    for name, cell in now["cells"].items():
        if name.startswith("requests.carried_in."):
            out = name.replace("carried_in", "carried_out")
            now["cells"][out] |= {"value": cell["value"], "state": "read"}
    now["report"] |= {"year": now["report"]["year"] - 1, **changes}
    now["provenance"]["source"]["name"] = "last-year.txt"
    return write(folder / "last.json", now)


def test_years_that_fit_are_held(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run([str(folder / "result.json"), "--previous", last_year(folder)]) == 0
    told, err = output(capfdbinary)
    assert told["years"]["previous_checked"] == "no_source"
    carried = {
        f"years.carry_over.{c.id}"
        for c in compose("2021", "2021").table("requests").rows[0].columns
    }
    assert carried <= set(told["years"]["held"])
    assert "跨年核对" in err


def test_a_carry_over_that_differs_is_a_warning_and_decides_nothing(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = last_year(folder)
    data = json.loads(Path(path).read_bytes())
    data["cells"]["requests.carried_out.total"]["value"] += 5
    write(Path(path), data)
    assert run([str(folder / "result.json"), "--previous", path]) == 0
    told, _ = output(capfdbinary)
    assert "years.carry_over.total" in told["years"]["failed"]
    assert "years.carry_over.business" in told["years"]["held"]
    codes = [reason["code"] for reason in told["years"]["reasons"]]
    assert "carry_over_differs" in codes
    (kept,) = (r for r in told["result"]["reasons"] if r["rule"] == "years.carry_over.total")
    assert kept["severity"] == "warning"
    assert kept in told["years"]["reasons"]
    again = write(folder / "again.json", told["result"])
    assert run([again]) == 0
    told, _ = output(capfdbinary)
    assert "carry_over_differs" in [r["code"] for r in told["taken_on_word"]]


def test_last_years_own_source_is_used_where_it_is_at_hand(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for changed, expected in ((False, "follows"), (True, "does_not_follow")):
        data = json.loads((folder / "result.json").read_bytes())
        if changed:
            data["cells"]["requests.carried_out.total"]["value"] += 1
        path = write(folder / "same.json", data)
        assert run([str(folder / "result.json"), "--previous", path]) == 0
        told, _ = output(capfdbinary)
        assert told["years"]["previous_checked"] == expected


def test_tables_of_another_agency_are_noticed(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = json.loads((folder / "result.json").read_bytes())
    data["report"]["agency"] = "南浦市水利局"
    data["provenance"]["source"]["name"] = "other.txt"
    path = write(folder / "other.json", data)
    assert run([str(folder / "result.json"), "--other", path]) == 0
    told, _ = output(capfdbinary)
    assert "same_tables" in [reason["code"] for reason in told["result"]["reasons"]]
    assert told["follows"] is True


def test_years_that_were_compared_are_not_called_uncompared(folder: Path) -> None:
    data = json.loads((folder / "result.json").read_bytes())
    text = (folder / "report.txt").read_bytes().decode()
    year = data["report"]["year"]
    (folder / "before.txt").write_bytes(text.replace(str(year), str(year - 1)).encode())
    before = folder / "before.json"
    assert extract(folder / "before.txt", "-q", "-o", before).returncode in (0, 1)
    junit = folder / "j.xml"
    run([str(folder / "result.json"), "-q", "--previous", str(before), "--junit", str(junit)])
    suite = ET.parse(junit).getroot()[0]  # noqa: S314 - our own output
    years = {c.get("name"): c.find("skipped") for c in suite if "years." in str(c.get("name"))}
    assert len(years) == 12
    assert set(years.values()) == {None}


def test_figures_of_a_reading_that_is_not_trusted_are_not_compared_across_years(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = last_year(folder)
    data = json.loads(Path(path).read_bytes())
    data["cells"]["requests.carried_out.total"]["value"] += 5
    write(Path(path), data | {"verdict": "rejected"})
    junit = folder / "j.xml"
    for now, previous in (
        (str(folder / "result.json"), path),
        (write(folder / "bent.json", rejected(folder)), str(folder / "result.json")),
    ):
        run([now, "--previous", previous, "--other", previous, "--junit", str(junit)])
        told, _ = output(capfdbinary)
        assert told["years"]["held"] == told["years"]["failed"] == []
        assert "same_tables" not in [reason["code"] for reason in told["result"]["reasons"]]
    assert told["result"]["verdict"] == "rejected"
    suite = ET.parse(junit).getroot()[0]  # noqa: S314 - our own output
    open_ = {case.get("name") for case in suite if case.find("skipped") is not None}
    assert {"years.tenfold", "plausible.regulations", "plausible.yuan.fees"} <= open_


def rejected(folder: Path) -> Json:
    """The result with two rows exchanged, and last year's name of the year."""
    data: Json = json.loads((folder / "result.json").read_bytes())
    for name in [name for name in data["cells"] if name.startswith("requests.granted.")]:
        other = name.replace("granted", "partially_granted")
        data["cells"][name], data["cells"][other] = data["cells"][other], data["cells"][name]
    return data
