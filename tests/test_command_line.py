"""The command line as people meet it: help, suggestions, completion, several reports, its languages."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractor.catalogue import FOLDER, LANGS, Catalogue
from extractor.catalogue.errors import in_chinese, pairs
from extractor.cli.group import COMMANDS, GOLDEN, GROUPS, Root
from extractor.models.exchange import Question
from extractor.models.explain import explain
from extractor.models.retry import Failure, Kind
from extractor.models.settings import ModelName, Secret, Settings
from tests.conftest import GOLDEN as CASES
from tests.conftest import ROOT, extract, run_code
from tests.each import rows

ROWS = rows(__file__)

ENGLISH: dict[str, Any] = {"LC_ALL": "C.UTF-8"}
CHINESE: dict[str, Any] = {"LC_ALL": "zh_CN.UTF-8"}
RAISED = re.compile(r"(Usage|Input|Store|Provider|Worker)Error$")
ACCEPTED, WRONG = (
    CASES / "tab-indented-2021" / "report.txt",
    CASES / "one-digit-wrong" / "report.txt",
)


def commands() -> list[list[str]]:
    return [[], *([name] for name in COMMANDS), *(["golden", name] for name in GOLDEN)]


# --- catalogues


@pytest.mark.parametrize(
    "subject", sorted({p.name.split(".")[0] for p in Path(FOLDER).glob("*.en.toml")})
)
def test_both_languages_have_the_same_texts_with_the_same_facts(subject: str) -> None:
    zh, en = (Catalogue(subject)[lang] for lang in LANGS)
    assert list(zh.keys()) == list(en.keys())
    assert len(list(zh.keys())) > 3


def messages(tree: ast.AST) -> list[str]:
    """The texts of the errors that a module raises, their facts as ``{}``."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if RAISED.search(node.func.id) and node.args:
            found += texts(node.args[0])
    return found


def texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)]
    return []  # of another function, or of `RefusedError`, which has its own two languages


def raised() -> set[str]:
    modules = [*(ROOT / "extractor").rglob("*.py"), *(ROOT / "prompts").rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules]
    return {text for tree in trees for text in messages(tree) if re.search("[a-z]{2}", text)}


def test_every_error_has_a_text_in_chinese_and_none_is_left_over() -> None:
    known = pairs()
    found = raised()
    assert len(found) > 100
    assert sorted(found - known.keys()) == []
    assert sorted(known.keys() - found) == []
    for english, chinese in known.items():
        facts = english.count("{}")
        assert {int(n) for n in re.findall(r"\{(\d)\}", chinese)} <= set(range(facts)), english
        shown = english.replace("{}", "7")
        assert in_chinese(shown) == chinese.format(*["7"] * facts), english


@pytest.mark.parametrize("status", [None, 403, 503])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_failure_of_a_service_is_told_in_chinese(kind: Kind, status: int | None) -> None:
    """But for what the service itself said, and names of options, variables and protocols."""
    if kind in (Kind.FILTERED, Kind.TOO_LONG):
        return  # an answer that is judged, never the end of a run
    settings = Settings("http://127.0.0.1:8000/v1", Secret("k"))
    question = Question("p/1", "0" * 64, "system", "user", BaseModel, 10, "requests")
    for wait, said in ((None, "no such thing"), (None, ""), (1e6, "")):
        failure = Failure(kind, status, wait, said)
        english = explain(failure, settings, ModelName("openai", "qwen"), question, 3)
        chinese = in_chinese(english)
        assert chinese.startswith("“openai/qwen”（"), english
        left = re.sub(
            r"no such thing|openai/qwen|127\.0\.0\.1:8000|https?://\S+|--[a-z-]+|/v1|token",
            "",
            chinese,
        )
        left = re.sub(
            r"\b(HTTPS?_PROXY|ALL_PROXY|SSL_CERT_FILE|OPENAI_API_KEY|OpenAI|HTTP)\b", "", left
        )
        assert not re.search("[A-Za-z]{2}", left), chinese


def test_a_fact_of_an_error_stays_as_it_is() -> None:
    run = extract("报告 {0}.txt", "--lang", "zh")
    assert run.returncode == 3
    assert run.stderr.decode() == "extract: “报告 {0}.txt”：没有这个文件；请检查路径\n"


# --- help


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_help_tells_every_option_with_examples_in_both_languages(words: list[str]) -> None:
    import typer

    root = Root()
    command = root if not words else root.get_command(None, words[0])
    for word in words[1:]:
        command = command.get_command(None, word)
    params = root.reading(None).params if not words else command.params
    for lang, title in (("en", "Examples"), ("zh", "示例")):
        run = (
            extract(*words, "--help", "--lang", lang)
            if words
            else extract("--lang", lang, "--help")
        )
        assert (run.returncode, run.stderr) == (0, b"")
        text = run.stdout.decode()
        assert f"\n{title}\n  extract " in text
        for param in params:
            assert param.opts[-1] in text or (param.metavar or "") in text
        assert run.stdout == extract(*words, "-h", "--lang", lang).stdout if words else True
    assert isinstance(typer.Exit(0), Exception)


def test_help_shows_the_commands_first_and_in_groups() -> None:
    text = extract("--help", "--lang", "en").stdout.decode()
    places = [text.index(f"\n    {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert places[-1] < text.index("\n    REPORT")
    for lang in LANGS:
        for group in GROUPS:
            assert Catalogue("cli")[lang].groups[group]


def test_help_and_errors_follow_the_locale_and_lang_goes_first() -> None:
    assert extract("--help", **CHINESE).stdout.decode().startswith("用法：")
    assert extract("--help", "--lang", "en", **CHINESE).stdout.decode().startswith("Usage:")
    assert extract("no.txt", "--lang", "zh", **ENGLISH).stderr.decode() == (
        "extract: “no.txt”：没有这个文件；请检查路径\n"
    )


def test_help_in_chinese_has_no_english_but_names_and_values() -> None:
    text = extract("--lang", "zh", "--help").stdout.decode()
    for sentence in re.findall(r"[A-Za-z][a-z]+(?: [a-z]+){2,}", text):
        assert sentence.startswith(("extract ", "openai")), sentence


# --- suggestions


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    ROWS["what_was_meant_is_guessed"],
)
def test_what_was_meant_is_guessed(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    run = extract(*arguments, "--lang", "en", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (code, b"")
    assert said in run.stderr.decode()
    assert run.stderr.count(b"\n") == 1


def test_a_file_may_be_called_like_a_command_or_nearly(tmp_path: Path) -> None:
    for name in ("./rules", "bacth"):
        shutil.copy(ACCEPTED, tmp_path / name)
        run = extract(name, "-q", cwd=tmp_path)
        assert (run.returncode, json.loads(run.stdout)["verdict"]) == (0, "accepted")
    assert b"balance.natural_person" in extract("rules", cwd=tmp_path).stdout


# --- completion


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("extract ba", {"batch"}),
        ("extract golden ", {"check", "add"}),
        ("extract report.txt --sar", {"--sarif"}),
        ("extract --str", {"--strict"}),
        ("extract batch x --rerun s", {"stale"}),
    ],
)
def test_a_shell_completes_commands_options_and_values(line: str, offered: set[str]) -> None:
    words = line.split(" ")
    env: dict[str, Any] = {
        "_EXTRACT_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    assert set(extract(**env).stdout.decode().split()) == offered


def test_completion_can_be_shown() -> None:
    run = extract("--show-completion", "bash")
    assert run.returncode == 0
    assert b"_EXTRACT_COMPLETE=complete_bash" in run.stdout


# --- several reports


def test_several_reports_are_a_line_each_and_the_worst_exit_code(tmp_path: Path) -> None:
    run = extract(ACCEPTED, WRONG, ACCEPTED)
    lines = run.stdout.decode().splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == [
        "accepted",
        "inconsistent",
        "accepted",
    ]
    assert run.returncode == 1
    assert run.stderr.decode().count("结论：") == 3
    assert json.loads(lines[1]) == json.loads(extract(WRONG).stdout)
    out = tmp_path / "all.jsonl"
    run = extract(
        ACCEPTED, tmp_path / "none.txt", WRONG, "-q", "-o", out, "--csv", tmp_path / "f.csv"
    )
    assert (run.returncode, run.stdout) == (3, b"")
    assert b"none.txt" in run.stderr
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2
    assert "one-digit-wrong" in (tmp_path / "f.csv").read_text(encoding="utf-8-sig")
    for option, target in (("--html", tmp_path / "p.html"), ("-o", WRONG)):
        assert extract(ACCEPTED, WRONG, option, target).returncode == 2
    assert not (tmp_path / "p.html").exists()


# --- what is loaded


def test_rich_is_loaded_for_help_alone_and_nothing_heavy_for_either() -> None:
    for arguments, allowed in (
        (["--help"], ["rich"]),
        ([str(ACCEPTED), "-q", "-o", "/dev/null"], ["pydantic", "verify.schema"]),
    ):
        code = f"""
import sys
from extractor.cli import main
main({arguments!r})
heavy = (
    "rich", "openai", "instructor", "httpx2", "tenacity", "jinja2", "prompts", "argparse", "pydantic", "verify.schema",
    "extractor.models.service", "extractor.rungs", "lxml", "docx", "openpyxl", "pypdfium2", "python_calamine",
    "extractor.inputs.html", "extractor.inputs.pdf", "extractor.inputs.packed",
)
print([name for name in heavy if name in sys.modules], file=sys.stderr)
"""
        run = run_code(code)
        assert (run.returncode, run.stderr.decode().strip()) == (0, str(allowed))
