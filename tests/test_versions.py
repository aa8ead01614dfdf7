"""The digests of the code that made a result: what changes which of them, and that nothing is left out."""

from __future__ import annotations

import ast
import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from extractor.batch import versions
from extractor.batch.unit import process
from extractor.batch.versions import PACKAGES, Code, statements
from extractor.readers import builtin
from extractor.steps import Tried, rejudged
from tests.each import each, rows
from tests.garbler import garble
from tests.hard import HARD
from tests.suites import few_or_many
from tests.test_stages import PROVENANCE
from verify import lay_out
from verify.result import to_result
from verify.stored.kept import from_plain, to_plain
from verify.verdict import ground, judge

ROWS = rows(__file__)

HERE = Path(versions.__file__).parents[2]
NAMES = ("read", "ground", "judge", "whole")
TEXTS = [*(garble(seed).text for seed in range(30)), *(report.text for report in HARD.values())]


def copy_to(folder: Path) -> Path:
    """The three packages, to be changed."""
    for package in PACKAGES:
        shutil.copytree(
            HERE / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return copy_to(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that a test leaves as it was."""
    return copy_to(tmp_path_factory.mktemp("packages"))


def stages(code: Code) -> dict[str, str]:
    """The digest of each stage."""
    modules = (code.read(), code.ground(), code.judge(), code.sources)
    return {name: code.digest(some) for name, some in zip(NAMES, modules, strict=True)}


def code_at(root: Path | zipfile.Path) -> dict[str, str]:
    return stages(Code({package: root / package for package in PACKAGES}))


def changed(root: Path) -> set[str]:
    """The digests that are not those of the code that runs."""
    now, before = code_at(root), stages(Code())
    return {name for name in NAMES if now[name] != before[name]}


def edit(file: Path, text: str = "\n# changed\n") -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


# --- what changes which -----------------------------------------------------------------------------


@each(("module", "of"), ROWS["a_changed_module_changes_the_stages_that_it_is_of"])
def test_a_changed_module_changes_the_stages_that_it_is_of(
    shared: Path, module: str, of: list[str]
) -> None:
    before = (shared / module).read_bytes()
    edit(shared / module)
    found = changed(shared)
    (shared / module).write_bytes(before)
    assert found == {*of, "whole"}


def test_a_changed_file_of_forms_changes_every_stage(copied: Path) -> None:
    edit(copied / "verify" / "forms" / "disclosure.toml")
    assert changed(copied) == set(NAMES)


def test_a_further_module_changes_nothing_but_the_whole(copied: Path) -> None:
    (copied / "verify" / "further.py").write_text("from verify.judge import judge\n")
    assert changed(copied) == {"whole"}


def test_a_further_module_counts_where_it_is_imported(copied: Path) -> None:
    (copied / "verify" / "further.py").write_text("X = 1\n")
    edit(copied / "verify" / "unknowns.py", "\ndef f() -> None:\n    from verify import further\n")
    once = code_at(copied)
    (copied / "verify" / "further.py").write_text("X = 2\n")
    twice = code_at(copied)
    assert {name for name in NAMES if once[name] != twice[name]} == {"judge", "whole"}


def test_a_module_that_was_renamed_or_taken_away_changes_its_stage(copied: Path) -> None:
    (copied / "verify" / "amend.py").unlink()
    assert changed(copied) == {"judge", "whole"}


# --- what changes nothing ---------------------------------------------------------------------------


def test_neither_place_nor_line_ends_nor_caches_change_a_digest(copied: Path) -> None:
    assert changed(copied) == set()
    for i, file in enumerate(sorted(copied.rglob("*.py"))):
        end = (b"\r\n", b"\r")[i % 2]
        file.write_bytes(file.read_bytes().replace(b"\n", end))
    cache = copied / "verify" / "__pycache__"
    cache.mkdir()
    (cache / "judge.cpython-311.py").write_text("X = 1\n")
    (copied / "verify" / "notes.txt").write_text("no code")
    assert changed(copied) == set()


def test_a_program_in_an_archive_has_the_same_digests(copied: Path, tmp_path: Path) -> None:
    archive = tmp_path / "program.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for file in sorted(copied.rglob("*"), reverse=True):
            if file.is_file() and file != archive:
                made.write(file, file.relative_to(copied))
    assert code_at(zipfile.Path(archive)) == stages(Code())


def test_a_program_without_sources_has_no_version_and_says_so(copied: Path) -> None:
    (copied / "verify" / "judge.py").unlink()
    with pytest.raises(RuntimeError, match=r"no source of the module 'verify\.judge'"):
        code_at(copied)


# --- that nothing is left out -----------------------------------------------------------------------


def parsed(text: str) -> set[tuple[str, str]]:
    """The imports of a source as the parser of the language finds them, but for those under TYPE_CHECKING."""

    def under(node: ast.AST) -> Iterator[ast.AST]:
        yield node
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.If) and ast.unparse(inner.test).endswith("TYPE_CHECKING"):
                for one in inner.orelse:
                    yield from under(one)
            else:
                yield from under(inner)

    found = set()
    for node in under(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {(one.name, "") for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            found |= {(origin, one.name) for one in node.names}
    return found


def test_every_import_that_the_parser_finds_is_found() -> None:
    sources = Code().sources
    assert len(sources) > 150
    for module, source in sources.items():
        if module.endswith(".toml"):
            continue
        text = source.decode()
        assert parsed(text) <= set(statements(text)), module


ODD = """
import a, b.c as d
from . import e  # (why)
from ..f.g import (  # noqa: X) (
    h as i,  # one)
    j,
)
from k import \\
    l, m
from n import *
if TYPE_CHECKING:
    from never import p

    import never.again
else:
    from q import r
def s():
    if True:
        import t
    if typing.TYPE_CHECKING:
        import never

    from u import v; import w; x = 1
    if x: import y
"""


def test_imports_of_every_spelling_are_found_and_those_for_types_are_not() -> None:
    found = set(statements(ODD))
    assert found == {
        ("a", ""),
        ("b.c", ""),
        (".", "e"),
        ("..f.g", "h"),
        ("..f.g", "j"),
        ("k", "l"),
        ("k", "m"),
        ("n", "*"),
        ("q", "r"),
        ("t", ""),
        ("u", "v"),
        ("w", ""),
        ("y", ""),
    }


@each(
    ("origin", "package", "name"),
    [("a.b", "x", "a.b"), (".", "x.y", "x.y"), (".z", "x.y", "x.y.z"), ("..z", "x.y", "x.z")],
)
def test_a_relative_import_is_one_of_its_package(origin: str, package: str, name: str) -> None:
    assert versions.absolute(origin, package) == name


def test_no_package_does_anything_when_it_is_merely_around_a_module() -> None:
    code = Code()
    harmless = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.AnnAssign)
    counted = code.read() | code.ground() | code.judge()
    around = {
        name for name in code.sources if any(one.startswith(f"{name}.") for one in counted)
    } - counted
    assert {"verify", "extractor.batch", "verify.prose"} <= around
    for name in around:
        for node in ast.parse(code.sources[name]).body:
            told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            named = isinstance(node, ast.Assign) and all(
                isinstance(one, ast.Name) for one in node.targets
            )
            types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            called = ast.unparse(node).startswith("sys.modules[__name__].__class__ = ")  # batch(…)
            assert told or named or types or called or isinstance(node, harmless), (
                name,
                ast.unparse(node),
            )


def test_judging_is_apart_from_reading() -> None:
    stream = {
        f"verify.{name}"
        for name in (
            "layout",
            "stream",
            "zones",
            "structure",
            "placement",
            "labels",
            "words",
            "grounding",
            "anchors",
            "prose.sentence",
            "prose.tokens",
        )
    }
    code = Code()
    assert code.judge().isdisjoint(stream)
    assert stream <= code.ground()
    assert not any(name.startswith("extractor.readers") for name in code.judge() | code.ground())


def modules_run(action: Callable[[], object]) -> set[str]:
    """The modules of the program of which a function runs."""
    ran: set[str] = set()

    def note(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call":
            ran.add(frame.f_globals.get("__name__", ""))

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return {name for name in ran if name.partition(".")[0] in PACKAGES}


@few_or_many("fuzz")
def test_nothing_runs_that_its_stage_does_not_have(many: bool) -> None:
    code = Code()
    codes = {"verify.codes", "verify.findings"}
    for text in TEXTS if many else TEXTS[::5]:
        layout = lay_out(text)
        reading = builtin.read(layout)
        assert modules_run(lambda: builtin.read(lay_out(text))) <= code.read(), text  # noqa: B023
        plain = json.dumps(to_plain(ground(layout, reading)))
        ran = modules_run(lambda: to_plain(ground(layout, reading)))  # noqa: B023
        assert ran - codes <= code.ground(), text
        ran = modules_run(
            lambda: to_result(
                rejudged([Tried("m", from_plain(json.loads(plain)))]).step.verified,  # noqa: B023
                PROVENANCE,
            )
        )
        assert ran <= code.judge(), text
        ran = modules_run(lambda: process(text.encode()))  # noqa: B023
        assert ran <= code.read() | code.ground() | code.judge(), text


def test_what_is_kept_does_not_depend_on_what_codes_say(monkeypatch: pytest.MonkeyPatch) -> None:
    layouts = [lay_out(text) for text in TEXTS[:20]]
    before = [to_plain(ground(layout, builtin.read(layout))) for layout in layouts]
    codes = {
        finding.code
        for layout in layouts
        for finding in ground(layout, builtin.read(layout)).findings
    }
    assert codes
    from verify.codes import RULES

    for code in codes:
        monkeypatch.setitem(RULES, code, "another.rule")
    after = [to_plain(ground(layout, builtin.read(layout))) for layout in layouts]
    assert json.dumps(after) == json.dumps(before)
    rules = {
        finding.rule
        for plain in after
        for finding in judge(from_plain(plain)).findings
        if finding.code in codes
    }
    assert "another.rule" in rules
