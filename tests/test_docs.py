"""The documents: generated ones are current, commands run as documented, what is shown is printed."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from extractor import __version__
from extractor.source import MOST_BYTES
from tests.conftest import GOLDEN, ROOT, python, run_code
from tests.garbler import LAYOUTS, MIXED
from tests.garbler.registry import of_pool
from verify.codes import CODES
from verify.localise import MOST_CELLS
from verify.unknowns import MOST_DEDUCED

DOCUMENTS = (
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
)
# A command that takes long is run on less; its figures are then not compared.
SHORTER = {
    "python -m tests.garbler --seeds 5000 --processes 2": "python -m tests.garbler --seeds 60 --processes 1",
    "python -m tests.hostile --reports 300 --processes 2": "python -m tests.hostile --reports 1 --processes 1",
    "python benchmarks/tokens.py": "python benchmarks/tokens.py --prose office --reports 2",
    "python benchmarks/localise.py --oracle 2000": "python benchmarks/localise.py --oracle 5",
    "python benchmarks/localise.py": "python benchmarks/localise.py --trials 20 --digits 50 --every 500",
    "python benchmarks/blanks.py --runs 10000": "python benchmarks/blanks.py --runs 400",
    "python benchmarks/prose.py": "python benchmarks/prose.py 10",
    "python benchmarks/speed.py": "python benchmarks/speed.py --reports 1 --rounds 1 --size 4000",
}
INSTALLS = ("python3 -m venv ", ".venv/bin/pip install ")
THIS_RUN = ".venv/bin/python -m pytest"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_EXIT = re.compile(r"\s+# exit (\d+)$")
VERDICTS = (
    "unsupported",
    "rejected",
    "inconsistent",
    "incomplete",
    "unconfirmed",
    "completed",
    "accepted",
)
STATES = ("read", "blank", "missing", "unreadable", "deduced", "entered")


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Example:
    """A block of commands or code, with the blocks of output that stand after it."""

    document: str
    language: str
    body: str
    shown: tuple[str, ...]


def examples(document: str) -> list[Example]:
    found: list[Example] = []
    for language, body in _FENCE.findall(read(document)):
        if language == "text":
            assert found, f"{document}: output of nothing"
            last = found[-1]
            found[-1] = Example(document, last.language, last.body, (*last.shown, body))
        else:
            found.append(Example(document, language, body, ()))
    return found


EXAMPLES = [example for document in DOCUMENTS for example in examples(document)]
SHELL = [example for example in EXAMPLES if example.language == "sh"]
SNIPPETS = sorted({example.document for example in EXAMPLES if example.language == "python"})


def not_printed(shown: str, printed: list[str], start: int = 0) -> tuple[str | None, int]:
    """The first shown line that was not printed next, or None; and where the output stands then.

    "…" stands for any lines, and so does the beginning of a block.
    """
    at, anywhere = start, True
    for line in shown.splitlines():
        if line == "…":
            anywhere = True
            continue
        if anywhere and line in printed[at:]:
            at = printed.index(line, at)
        if at >= len(printed) or printed[at] != line:
            return line, at
        at, anywhere = at + 1, False
    return None, at


def without_figures(text: str) -> str:
    """Text without figures and the space they take, for runs on less."""
    return "\n".join(re.sub(r"[\d\s.,]+", " ", line).strip() for line in text.splitlines())


def run(command: str, cwd: Path) -> tuple[int, str]:
    """Run one documented command; its exit code and all that it printed."""
    words = shlex.split(command)
    data = b""
    if "<" in words:
        at = words.index("<")
        data = (cwd / words[at + 1]).read_bytes()
        words = words[:at]
    program = {"extract": ["-m", "extractor"], "python": []}[Path(words[0]).name]
    done = python(*program, *words[1:], data=data, cwd=cwd)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A directory that looks like the repository and may be written to."""
    shutil.copytree(GOLDEN, tmp_path / "golden")
    for name in ("docs", "benchmarks", "conformance"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


# --- commands, snippets, what is shown


@pytest.mark.documents
@pytest.mark.parametrize("example", SHELL, ids=lambda e: f"{e.document}: {e.body.splitlines()[0]}")
def test_commands_end_and_print_as_documented(example: Example, workplace: Path) -> None:
    printed, shorter = "", False
    for line in example.body.splitlines():
        documented = _EXIT.search(line)
        command = _EXIT.sub("", line)
        parts = [p for p in command.split(" && ") if not p.startswith(INSTALLS) and p != THIS_RUN]
        for i, part in enumerate(parts):
            shorter = shorter or part in SHORTER
            code, out = run(SHORTER.get(part, part), workplace)
            last = i == len(parts) - 1
            assert code == (int(documented[1]) if documented and last else 0), out
            printed += out
    for shown in example.shown:
        wanted, got = (without_figures(t) if shorter else t for t in (shown, printed))
        line_missing, _ = not_printed(wanted, got.splitlines())
        assert line_missing is None


def test_every_command_of_the_product_is_shown_running() -> None:
    said = "\n".join(example.body for example in SHELL)
    for word in ("--html", "--lang", "-o", "-q", "extract -", "golden check", "golden add"):
        assert word in said


@pytest.mark.documents
@pytest.mark.parametrize("document", SNIPPETS)
def test_snippets_print_what_is_shown(document: str) -> None:
    snippets = [example for example in examples(document) if example.language == "python"]
    code = "\n".join(f"print('@@@')\n{example.body}" for example in snippets)
    done = run_code(code)
    assert done.returncode == 0, done.stderr.decode()
    printed = done.stdout.decode().split("@@@\n")[1:]
    assert printed == ["".join(example.shown) for example in snippets]


def test_a_line_that_was_not_printed_is_noticed() -> None:
    printed = ["a", "b", "c", "d"]
    assert not_printed("b\nc\n", printed) == (None, 3)
    assert not_printed("a\n…\nd\n", printed) == (None, 4)
    assert not_printed("a\nc\n", printed)[0] == "c"
    assert not_printed("c\n…\na\n", printed)[0] == "a"
    assert not_printed("e\n", printed)[0] == "e"
    assert without_figures("total   12  0.5\n") == without_figures("total 3 41\n") != "all"


def test_documents_have_no_block_that_nothing_checks() -> None:
    toml = "toml"  # read in test_forms_of_another_country.py
    assert {example.language for example in EXAMPLES} == {"sh", "sql", "python", toml}
    assert len(SHELL) >= 8
    assert SNIPPETS


# --- generated documents


def copy_of_the_tree(into: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("docs", "verify", "extractor"):
        shutil.copytree(ROOT / name, into / name, ignore=ignore)
    return into


def generate(root: Path, *arguments: str) -> tuple[int, list[str]]:
    code, out = run(shlex.join(["python", "docs/generate.py", *arguments]), root)
    return code, out.splitlines()


def test_generated_documents_are_current() -> None:
    assert generate(ROOT, "--check") == (0, [])


@pytest.mark.documents
def test_a_stale_document_is_named_and_written_anew(tmp_path: Path) -> None:
    root = copy_of_the_tree(tmp_path)
    changed = root / "docs" / "forms.md"
    changed.write_text(changed.read_text(encoding="utf-8") + "x", encoding="utf-8")
    (root / "docs" / "reasons.md").unlink()
    code, lines = generate(root, "--check")
    assert code == 1
    assert [line.split()[0] for line in lines] == ["docs/forms.md", "docs/reasons.md"]
    assert generate(root)[0] == 0
    assert generate(root, "--check") == (0, [])
    assert changed.read_bytes() == (ROOT / "docs" / "forms.md").read_bytes()


@pytest.mark.documents
def test_a_superfluous_page_of_rules_is_named_and_removed(tmp_path: Path) -> None:
    root = copy_of_the_tree(tmp_path)
    gone = root / "docs" / "rules" / "gone.md"
    gone.write_text("# Gone\n", encoding="utf-8")
    (root / "docs" / "rules" / "bound.md").unlink()
    code, lines = generate(root, "--check")
    assert code == 1
    named = [line.split()[0] for line in lines if line.startswith("docs/rules/")]
    assert named == ["docs/rules/gone.md", "docs/rules/bound.md"]
    assert generate(root)[0] == 0
    assert not gone.exists()
    assert generate(root, "--check") == (0, [])


def test_every_reason_code_is_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", read("docs/reasons.md"), re.MULTILINE)
    assert sorted(rows) == sorted((name, code.severity) for name, code in CODES.items())


# --- what the documents name is there


def test_architecture_names_every_room_and_nothing_that_is_not_there() -> None:
    text = read("ARCHITECTURE.md")
    named = set(re.findall(r"`((?:verify|extractor|prompts|tests)/[\w/.]+)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    rooms = {
        path.parent.relative_to(ROOT).as_posix()
        for package in ("verify", "extractor")
        for path in (ROOT / package).glob("*/__init__.py")
    }
    assert sorted(rooms - named) == []


def test_architecture_names_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", read("ARCHITECTURE.md"))
    assert len(named) >= 10
    for file, test in named:
        assert f"def {test}(" in read(file), test


def test_layouts_names_every_damage_and_layout_and_nothing_unknown() -> None:
    named = set(re.findall(r"`([a-z_]+)`", read("docs/layouts.md")))
    garbler = {*(d.name for d in of_pool("old")), *LAYOUTS, MIXED}
    assert sorted(garbler - named) == []
    assert sorted(named - garbler - {*CODES, *VERDICTS, *STATES, "derived", "code"}) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(document)):
        path = ((ROOT / document).parent / target).resolve()
        assert path.is_relative_to(ROOT), target
        assert path.exists(), target


def test_the_readme_leads_to_every_document() -> None:
    linked = set(re.findall(r"\]\(([^)\s]+)\)", read("README.md")))
    assert {*DOCUMENTS, "docs/page.png"} - {"README.md"} <= linked


def test_both_readmes_are_short_and_of_the_same_weight() -> None:
    english, chinese = read("README.md"), read("README.zh-CN.md")
    assert max(len(text.splitlines()) for text in (english, chinese)) <= 200
    for part in (r"^## ", r"^```(?:sh|python)$", r"^\| .*`\w+`"):
        count = [len(re.findall(part, text, re.MULTILINE)) for text in (english, chinese)]
        assert count[0] == count[1] > 1, part


def test_the_picture_is_small() -> None:
    data = (ROOT / "docs" / "page.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) < 300_000


def test_the_readme_has_the_words_and_limits_of_the_code() -> None:
    text = read("README.md")
    rows = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert rows == [*VERDICTS, *STATES]
    assert f"at most {MOST_DEDUCED} cells" in text
    assert f"Up to {MOST_BYTES // 2**20} MB" in text
    assert (MOST_CELLS, "up to three cells" in text) == (3, True)


def test_the_changelog_begins_with_this_version() -> None:
    assert re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)[0] == __version__
