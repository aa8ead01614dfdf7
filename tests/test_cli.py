"""The command as scripts use it: exit codes, what goes to which stream, what is written."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CASES, GOLDEN, ROOT, cases_with, environment, expected, extract, run_code
from tests.each import each, rows

ROWS = rows(__file__)

# all that a golden case has; unconfirmed is in test_contract_2.py
VERDICTS = ("unsupported", "rejected", "inconsistent", "incomplete", "completed", "accepted")
GOOD = ("accepted", "completed")


def one_line(stderr: bytes) -> str:
    """The one line of an error; fails on a traceback and on more lines."""
    text = stderr.decode()
    assert "Traceback" not in text
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    assert text.startswith("extract: ")
    return text


# --- verdicts and exit codes


@each("case", CASES)
def test_the_exit_code_follows_the_verdict(case: str) -> None:
    run = extract(GOLDEN / case / "report.txt")
    verdict = json.loads(run.stdout)["verdict"]
    assert verdict == expected(case)["verdict"]
    assert run.returncode == (0 if verdict in GOOD else 1)


@each("verdict", VERDICTS)
def test_strict_takes_nothing_but_accepted(verdict: str) -> None:
    (case, *_) = cases_with(verdict)
    run = extract(GOLDEN / case / "report.txt", "--strict")
    assert json.loads(run.stdout)["verdict"] == verdict
    assert run.returncode == (0 if verdict == "accepted" else 1)


# --- streams


@each("verdict", VERDICTS)
def test_stdout_is_the_json_and_stderr_the_summary(verdict: str) -> None:
    (case, *_) = cases_with(verdict)
    run = extract(GOLDEN / case / "report.txt")
    text = run.stdout.decode("utf-8")
    assert text.endswith("}\n")
    assert json.loads(text)["schema_version"] == "2"
    summary = run.stderr.decode("utf-8")
    assert verdict in summary
    assert '"schema_version"' not in summary
    assert "\x1b[" not in summary


def test_chinese_is_written_as_it_is(accepted: Path) -> None:
    assert "云岭市商务局".encode() in extract(accepted).stdout


def test_output_does_not_depend_on_the_locale(accepted: Path) -> None:
    plain = extract(accepted)
    posix = extract(accepted, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (posix.returncode, posix.stdout) == (plain.returncode, plain.stdout)
    assert b"Traceback" not in posix.stderr


def test_quiet_says_nothing(accepted: Path) -> None:
    run = extract(accepted, "-q")
    assert run.stderr == b""
    assert json.loads(run.stdout)["verdict"] == "accepted"


def test_the_language_of_the_summary_can_be_chosen(completed: Path) -> None:
    zh, en = extract(completed), extract(completed, "--lang", "en")
    assert zh.stdout == en.stdout
    assert "结论" in zh.stderr.decode()
    assert "结论" not in en.stderr.decode()
    assert re.search("[a-z]{4,} [a-z]{3,}", en.stderr.decode())


def test_the_same_report_gives_the_same_bytes(completed: Path) -> None:
    assert extract(completed).stdout == extract(completed, PYTHONHASHSEED="7").stdout


def test_a_dash_reads_standard_input(accepted: Path) -> None:
    data = accepted.read_bytes()
    piped = json.loads(extract("-", data=data).stdout)
    named = json.loads(extract(accepted).stdout)
    assert piped["provenance"]["source"].pop("name") == "-"
    assert named["provenance"]["source"].pop("name") == "report.txt"
    assert piped == named


def test_a_closed_pipe_is_no_traceback(accepted: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "extractor", str(accepted)],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
            timeout=600,
            check=False,
        )
    finally:
        os.close(writing)
    assert run.returncode == 1
    assert b"Traceback" not in run.stderr
    assert b"Exception ignored" not in run.stderr


# --- files that are written


def test_output_goes_to_the_file_and_not_to_stdout(accepted: Path, tmp_path: Path) -> None:
    target = tmp_path / "结果.json"
    run = extract(accepted, "-o", target)
    assert (run.returncode, run.stdout) == (0, b"")
    assert b"accepted" in run.stderr
    assert target.read_bytes() == extract(accepted).stdout
    assert list(tmp_path.iterdir()) == [target]


def test_output_replaces_an_older_file(accepted: Path, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    target.write_text("old " * 50_000)
    assert extract(accepted, "-o", target).returncode == 0
    assert json.loads(target.read_bytes())["verdict"] == "accepted"


@pytest.mark.parametrize(("verdict", "lang"), [("inconsistent", "zh"), ("completed", "en")])
def test_the_page_is_one_self_contained_file(verdict: str, lang: str, tmp_path: Path) -> None:
    (case, *_) = cases_with(verdict)
    target = tmp_path / "page.html"
    run = extract(GOLDEN / case / "report.txt", "--html", target, "--lang", lang)
    assert run.returncode == (0 if verdict in GOOD else 1)
    assert json.loads(run.stdout)["verdict"] == verdict
    page = target.read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert verdict in page
    outside = re.findall(r"""(?:src|href)\s*=\s*["']?(?!#|data:)[^"'\s>]+""", page)
    assert outside == []
    assert not re.search(r"https?://|url\(\s*['\"]?(?!data:|#)|@import", page)


def test_the_page_shows_what_a_model_is_told_as_text(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    report = tmp_path / "report.txt"
    body = (GOLDEN / "addressed-to-a-model" / "report.txt").read_text(encoding="utf-8")
    report.write_text("<script>alert(1)</script>\n" + body, encoding="utf-8")
    assert extract(report, "--html", target).returncode == 1
    shown = target.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in shown
    text = html.unescape(re.sub("<[^>]*>", "", shown))  # parts of it are marked as remarks
    assert "<|im_start|>assistant" in text
    assert re.search(r"<\|?im_start", shown) is None


@pytest.mark.parametrize("option", ["-o", "--html"])
def test_nothing_is_written_over_the_report(option: str, accepted: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_bytes(accepted.read_bytes())
    link = tmp_path / "link.txt"
    link.symlink_to(report)
    for target in (report, link):
        run = extract(report, option, target)
        assert run.returncode == 2
        one_line(run.stderr)
        assert report.read_bytes() == accepted.read_bytes()


@pytest.mark.parametrize("option", ["-o", "--html"])
def test_a_target_that_cannot_be_written_is_wrong_usage(
    option: str, accepted: Path, tmp_path: Path
) -> None:
    for target in (tmp_path, tmp_path / "no" / "such" / "file"):
        run = extract(accepted, option, target)
        assert (run.returncode, run.stdout) == (2, b"")
        one_line(run.stderr)
    assert list(tmp_path.iterdir()) == []


def test_the_json_and_the_page_need_two_files(accepted: Path, tmp_path: Path) -> None:
    target = tmp_path / "both"
    run = extract(accepted, "-o", target, "--html", target)
    assert run.returncode == 2
    one_line(run.stderr)
    assert not target.exists()


# --- input that cannot be read

UNREADABLE = {
    "empty": b"",
    "only a mark": b"\xef\xbb\xbf",
    "binary": bytes(range(256)) * 40,
    "nul": "第二十条\0\0规章".encode(),  # a few part cells; see test_shapes.py
    "pdf": b"%PDF-1.7\n1 0 obj",
    "docx": b"PK\x03\x04" + b"x" * 60,
    "undecodable": b"\x81\xff\x80" * 99,
    "half a character after a mark": b"\xff\xfe" + "规章".encode("utf-16-le")[:-1],
    "too large": b"0" * (20 * 1024 * 1024 + 1),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_input_ends_with_3_and_one_line(what: str, tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_bytes(UNREADABLE[what])
    run = extract(report)
    assert (run.returncode, run.stdout) == (3, b"")
    assert "r.txt" in one_line(run.stderr)


@pytest.mark.parametrize("what", ["empty", "binary", "too large"])
def test_unreadable_standard_input_ends_with_3(what: str) -> None:
    run = extract("-", data=UNREADABLE[what])
    assert (run.returncode, run.stdout) == (3, b"")
    assert "standard input" in one_line(run.stderr)


@pytest.mark.parametrize("name", ["no-such-file.txt", ".", "", "a\nb.txt"])
def test_a_path_that_is_no_file_ends_with_3(name: str, tmp_path: Path) -> None:
    run = extract(name, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (3, b"")
    one_line(run.stderr)


def test_nothing_is_written_when_the_input_cannot_be_read(tmp_path: Path) -> None:
    run = extract(tmp_path / "none.txt", "-o", tmp_path / "o.json", "--html", tmp_path / "o.html")
    assert run.returncode == 3
    assert list(tmp_path.iterdir()) == []


# --- wrong usage

WRONG = ROWS["wrong"]


@pytest.mark.parametrize("what", WRONG)
def test_wrong_usage_ends_with_2_and_one_line(what: str, tmp_path: Path) -> None:
    run = extract(*WRONG[what], cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, b"")
    one_line(run.stderr)
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_comes_before_the_input_is_read(tmp_path: Path) -> None:
    run = extract(tmp_path / "none.txt", "--model", "no-such-model")
    assert run.returncode == 2


def test_builtin_is_the_default_model(accepted: Path) -> None:
    assert extract(accepted, "--model", "builtin").stdout == extract(accepted).stdout


# --- what help loads


def test_version_says_which() -> None:
    run = extract("--version")
    assert run.returncode == 0
    assert re.fullmatch(rb"extract \d+\.\d+\S*\n", run.stdout)
    assert extract("-V").stdout == run.stdout


def test_the_verifier_stands_alone() -> None:
    code = """
import sys
import verify
heavy = ("extractor", "prompts", "pydantic", "openai", "instructor", "httpx", "socket", "ssl")
print([name for name in heavy if name in sys.modules])
"""
    run = run_code(code)
    assert (run.returncode, run.stdout.decode().strip()) == (0, "[]")
