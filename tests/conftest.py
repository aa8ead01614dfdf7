"""What tests of the whole product share: the real command, the golden cases, the contract's cells."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from extractor.cli import invoke, main
from tests.suites import SUITES, left_out, suite_of

# how long an example takes is a matter of the machine, and of what else runs on it
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
if sys.dont_write_bytecode:
    # what is started hundreds of times is compiled once, and no folder of the code has a file more
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(ROOT / ".pytest_cache" / "compiled")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
GOLDEN = ROOT / "golden"
CASES = tuple(sorted(path.parent.name for path in GOLDEN.glob("*/report.txt")))
MONEY = frozenset({"proactive.fees.amount", "proactive.procurement.amount"})
APPLICANTS = (
    "natural_person",
    "business",
    "research",
    "public_welfare",
    "legal_service",
    "other_org",
    "total",
)
_BEFORE_OTHER = (
    "new_received",
    "carried_in",
    "granted",
    "partially_granted",
    "denied_state_secret",
    "denied_prohibited_by_law",
    "denied_security_and_stability",
    "denied_third_party_rights",
    "denied_internal_affairs",
    "denied_process_information",
    "denied_enforcement_files",
    "denied_administrative_inquiry",
    "unable_not_held",
    "unable_needs_creation",
    "unable_unclear",
    "unprocessed_petition",
    "unprocessed_repeated",
    "unprocessed_publication",
    "unprocessed_excessive",
    "unprocessed_confirmation",
)
_OTHER = {"2021": ("other_not_corrected", "other_fee_unpaid", "other_other"), "2019": ("other",)}
_AFTER_OTHER = ("results_total", "carried_out")
_ISSUED = ("issued", "repealed", "in_force")
_MADE = ("made", "disclosed", "disclosed_total")
_ITEMS = ("previous_items", "change", "decisions")
_PROACTIVE: dict[str, dict[str, tuple[str, ...]]] = {
    "2021": {
        "regulations": _ISSUED,
        "normative_documents": _ISSUED,
        "licensing": ("decisions",),
        "penalties": ("decisions",),
        "coercion": ("decisions",),
        "fees": ("amount",),
    },
    "2019": {
        "regulations": _MADE,
        "normative_documents": _MADE,
        "licensing": _ITEMS,
        "other_services": _ITEMS,
        "penalties": _ITEMS,
        "coercion": _ITEMS,
        "fees": _ITEMS[:2],
        "procurement": ("items", "amount"),
    },
}
PROCEEDINGS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")


def _names(two: str, three: str) -> list[str]:
    """The cells of a form as the contract lists them, not as the product does."""
    rows = (*_BEFORE_OTHER, *_OTHER[three], *_AFTER_OTHER)
    return [
        *(f"proactive.{row}.{column}" for row, cs in _PROACTIVE[two].items() for column in cs),
        *(f"requests.{row}.{column}" for row in rows for column in APPLICANTS),
        *(f"proceedings.{row}.{column}" for row in PROCEEDINGS for column in OUTCOMES),
    ]


FORMS = {
    "2021": [_names("2021", "2021")],
    "2019": [_names("2019", "2019")],
    "hybrid": [_names("2021", "2019"), _names("2019", "2021")],
}
_UNSET = (
    "CI",
    "GOUJI_DEBUG",
    "NO_COLOR",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "XDG_CACHE_HOME",
)


def environment(**more: str) -> dict[str, str]:
    """The environment of a user: nothing set that changes what the command does, but ``more``."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def extract(
    *arguments: str | Path, data: bytes | None = None, cwd: Path = ROOT, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run ``extract`` as a user would and return what it said and how it ended.

    It runs in this process, with streams, environment and directory of its own, which saves the start of
    an interpreter. What is about that start, or about a process, asks for ``extract_anew``; a variable
    that only an interpreter reads when it starts does so as well.
    """
    if any(name.startswith(("PYTHON", "LC_")) for name in env):
        return extract_anew(*arguments, data=data, cwd=cwd, **env)
    given = [str(argument) for argument in arguments]
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(3)]
        files[0].write(data or b"")
        files[0].seek(0)
        own = patch.dict(os.environ, environment(**env), clear=True)
        with _streams([file.fileno() for file in files]), own, chdir(cwd):
            try:
                code = main(given)
            except SystemExit as end:
                code = int(end.code or 0)
        for file in files:
            file.seek(0)
        said = [file.read() for file in files[1:]]
    return subprocess.CompletedProcess(["extract", *given], code, *said)


@contextmanager
def _streams(files: Sequence[int]) -> Iterator[None]:
    """The standard streams, and the descriptors under them, are these files."""
    names = ("stdin", "stdout", "stderr")
    before = [getattr(sys, name) for name in names]
    for stream in before[1:]:
        stream.flush()
    kept = [os.dup(number) for number in range(3)]
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        for number, name in enumerate(names):
            mode = "w" if number else "r"
            errors = "backslashreplace" if number == 2 else "strict"
            stream = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
        yield
    finally:
        for name, stream in zip(names, before, strict=True):
            getattr(sys, name).close()
            setattr(sys, name, stream)
        for number, file in enumerate(kept):
            os.dup2(file, number)
            os.close(file)


def extract_anew(
    *arguments: str | Path, data: bytes | None = None, cwd: Path = ROOT, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run ``extract`` in an interpreter of its own."""
    return python("-m", "extractor", *arguments, data=data, cwd=cwd, **env)


def command(name: str) -> Callable[[Sequence[str]], int]:
    """A command as a function of its arguments, in this process; its errors are raised."""

    def run(arguments: Sequence[str]) -> int:
        return invoke([name, *arguments])

    return run


def python(
    *arguments: str | Path, data: bytes | None = None, cwd: Path = ROOT, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run Python with these arguments in a fresh interpreter, in the environment of a user."""
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, *map(str, arguments)],
        input=b"" if data is None else data,
        capture_output=True,
        cwd=cwd,
        env=environment(**env),
        timeout=600,
        check=False,
    )


def run_code(
    code: str, *arguments: str | Path, cwd: Path = ROOT, data: bytes | None = None, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Run Python code in a fresh interpreter."""
    return python("-c", code, *arguments, data=data, cwd=cwd, **env)


def expected(case: str) -> dict[str, Any]:
    """What a golden case expects."""
    loaded: dict[str, Any] = json.loads((GOLDEN / case / "expected.json").read_bytes())
    return loaded


def cases_with(verdict: str) -> list[str]:
    """Golden cases of a verdict."""
    return [case for case in CASES if expected(case)["verdict"] == verdict]


@pytest.fixture
def accepted() -> Path:
    """A report that is accepted."""
    return GOLDEN / "tab-indented-2021" / "report.txt"


@pytest.fixture
def completed() -> Path:
    """A report that is completed."""
    return GOLDEN / "blanks-that-follow" / "report.txt"


@pytest.fixture(autouse=True)
def _signals_are_heard() -> Iterator[None]:
    """By what a test starts and stops, also where ``nohup`` or a shell's ``&`` made us deaf to them."""
    heard: dict[signal.Signals, Any] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGHUP: signal.SIG_DFL,
    }
    deaf = [number for number in heard if signal.getsignal(number) is signal.SIG_IGN]
    for number in deaf:
        signal.signal(number, heard[number])
    yield
    for number in deaf:
        signal.signal(number, signal.SIG_IGN)


# --- the long suites


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="of the long suites only the part of this day (tests/suites.py)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: any of the long suites")
    for name, (days, about) in SUITES.items():
        config.addinivalue_line("markers", f"{name}: {about} (a long suite, over {days} days)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if suite_of(item):
            item.add_marker("long")
    asked = config.option.markexpr or config.option.keyword
    plain = not asked and config.args == config.getini("testpaths")
    out = left_out(items, day=config.option.day, plain=plain)
    if out:
        config.hook.pytest_deselected(items=out)
        gone = set(out)
        items[:] = [item for item in items if item not in gone]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A day on which nothing of what was asked for is due has not failed."""
    if session.config.option.day and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
