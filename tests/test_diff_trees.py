"""Which reports a comparison holds against which, and at which paths, for any two trees of texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.batch.store import Store
from extractor.diff import diff
from tests.across_results import base, dumped
from tests.conftest import command
from tests.stores import BUILTIN, made

run = command("diff")

Tree = Mapping[str, str | None]  # what stands at a path; None: nobody can read it
Facts = Mapping[str, tuple[str, int]]  # of a text: verdict, and a figure of it

CELL = "requests.granted.natural_person"
PATHS = ("p0", "p1", "p2", "p3")
GOOD = ("accepted", "completed")


def stored(path: Path, tree: Tree, facts: Facts) -> str:
    """A store with one run over a tree."""
    with Store.open(str(path), write=True) as store:
        number = store.begin_run({"command": "test"}, "0")
        with store.transaction():
            maker = store.maker_id(BUILTIN)
            for name, text in tree.items():
                if text is None:
                    store.list_path(number, name, None, problem="unreadable", message="no")
                    continue
                sha256 = hashlib.sha256(text.encode()).hexdigest()
                known = store.known(sha256)
                source = store.add_source(sha256, len(text), text.encode())
                store.list_path(number, name, source)
                if known is None:
                    store.add_attempt(number, source, maker, made(_result(*facts[text])))
        store.end_run(number, "finished")
    return str(path)


def _result(verdict: str, figure: int) -> str:
    original = base()
    cells = original["cells"]
    cell = cells[CELL] | {"value": figure, "text": str(figure)}
    return dumped(original | {"verdict": verdict, "cells": cells | {CELL: cell}})


def places(tree: Tree, text: str) -> set[str]:
    return {path for path, there in tree.items() if there == text}


def changed(old: Tree, old_facts: Facts, new: Tree, new_facts: Facts, only: str | None) -> bool:
    """Whether an accepted report changed, said once more from the documentation."""

    def asked(paths: set[str]) -> bool:
        return only is None or only in paths

    def differs(before: str, after: str) -> bool:
        was, now = old_facts[before], new_facts[after]
        return was[0] in GOOD and (now[0] not in GOOD or was[1] != now[1])

    texts, there = ({text for text in tree.values() if text} for tree in (old, new))
    for text in texts:
        both = places(old, text) | places(new, text)
        if text in there and asked(both) and differs(text, text):
            return True
        nowhere = all(new.get(path) is None for path in places(old, text))
        if text not in there and nowhere and asked(both) and old_facts[text][0] in GOOD:
            return True
    for path, before in old.items():
        if before is None or path not in new or new[path] == before or not asked({path}):
            continue
        after = new[path]
        if after is None:
            if old_facts[before][0] in GOOD:
                return True
        elif not (before in there and after in texts) and differs(before, after):
            return True
    return False


_facts = st.fixed_dictionaries(
    {
        text: st.tuples(
            st.sampled_from(["accepted", "completed", "inconsistent"]), st.integers(1, 2)
        )
        for text in "ABCD"
    }
)
_trees = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["A", "B", "C", "D", None]))


@settings(max_examples=60, deadline=None)
@given(_trees, _facts, _trees, st.none() | _facts, st.none() | st.just("p1"))
def test_an_accepted_report_that_changed_is_told_whatever_lies_where(
    old: Tree, old_facts: Facts, new: Tree, other_facts: Facts | None, only: str | None
) -> None:
    new_facts = other_facts or old_facts
    with TemporaryDirectory() as folder:
        one = stored(Path(folder) / "old.db", old, old_facts)
        two = stored(Path(folder) / "new.db", new, new_facts)
        with Store.open(one) as before, Store.open(two) as after:
            totals = diff(before, after, only=(only,) if only else ()).totals()
    assert totals.accepted_changed == changed(old, old_facts, new, new_facts, only)
    if only is None:
        for count, tree in ((totals.old, old), (totals.new, new)):
            texts = {text for text in tree.values() if text}
            assert len(texts) <= count <= len(texts) + sum(t is None for t in tree.values())


FACTS = {text: ("accepted", number) for number, text in enumerate("ABCD")}


def test_a_change_is_named_by_the_path_whose_text_changed(tmp_path: Path) -> None:
    same = {"a": "A", "y": "A"}
    old = stored(tmp_path / "old.db", {**same, "z": "A"}, FACTS)
    new = stored(tmp_path / "new.db", {**same, "z": "B"}, FACTS)
    with Store.open(old) as one, Store.open(new) as two:
        [change] = list(diff(one, two))
    assert (change.name, change.paths) == ("z", ("z", "a", "y"))
    assert run([old, new, "-q", "--only", "a"]) == 0
    assert run([old, new, "-q", "--only", "z"]) == 1


@pytest.mark.parametrize("elsewhere", [{"y": "A"}, {"y": "B"}], ids=["as it was", "replaced"])
def test_a_path_that_cannot_be_read_any_more_is_told_wherever_else_its_text_stood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], elsewhere: Tree
) -> None:
    old = stored(tmp_path / "old.db", {"y": "A", "z": "A"}, FACTS)
    new = stored(tmp_path / "new.db", {**elsewhere, "z": None}, FACTS)
    assert run([old, new, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["counts"]["old"], told["counts"]["new"]) == (1, 2)
    failing = [one for one in told["changes"] if one["kind"] == "now_failing"]
    assert [(one["paths"][0], one["new"]["problem"]) for one in failing] == [("z", "unreadable")]


@pytest.mark.parametrize("verdict", ["inconsistent", None])
def test_a_baseline_without_accepted_reports_guards_nothing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verdict: str | None
) -> None:
    tree = {} if verdict is None else {"z": "A"}
    old = stored(tmp_path / "old.db", tree, {"A": (verdict or "", 1)})
    new = stored(tmp_path / "new.db", {"z": "A"}, FACTS)
    assert run([old, new, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "no report was accepted or completed before: nothing is guarded" in shown
    assert "as it was" not in shown
    assert run([old, new, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["guarded"] == 0
    assert run([new, old, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["counts"]["guarded"] == 1
