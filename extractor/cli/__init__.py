"""The command line: arguments in, exit code out. Heavy modules load only where they are needed.

Exit codes: 0 accepted or completed; 1 any other verdict; 2 wrong usage; 3 unreadable input or store;
4 the model or its provider failed; 70 a fault of this program; 130 interrupted, by Ctrl-C or a polite
kill. From 2 on standard error has one line that says what was wrong and what to do. The other commands say
theirs in their help.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from extractor.errors import GoujiError
from extractor.interrupts import INTERRUPTED, as_by_ctrl_c
from extractor.writing import mute, say

_INTERNAL = 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    with as_by_ctrl_c():
        return _ended(list(sys.argv[1:] if argv is None else argv))


def invoke(arguments: Sequence[str]) -> int:
    """Run a command; its errors are raised.

    Raises:
        GoujiError: What the command line would say in one line.
    """
    import typer

    from extractor.catalogue import language
    from extractor.cli.command import Spoken
    from extractor.cli.group import Root

    Spoken.lang = language(arguments, os.environ)
    Spoken.arguments = tuple(arguments)
    root = Root()
    if os.environ.get("_EXTRACT_COMPLETE"):
        from typer import completion

        completion.completion_init()  # type: ignore[attr-defined]
        root.main(prog_name="extract")
    try:
        with root.make_context("extract", list(arguments)) as context:
            return int(root.invoke(context))
    except typer.Exit as end:
        return end.exit_code


def _ended(arguments: list[str]) -> int:
    try:
        return invoke(arguments)
    except GoujiError as error:
        say(f"extract: {told(error)}")
        return error.exit_code
    except BrokenPipeError:
        mute(sys.stdout)
        return 1
    except KeyboardInterrupt:
        say(f"extract: {_word('interrupted', arguments)}")
        return INTERRUPTED
    except Exception as error:  # the last line of defence: a user never sees a traceback
        if os.environ.get("GOUJI_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}".replace("\n", " ")
        say(f"extract: {_word('internal', arguments).format(error=what)}")
        return _INTERNAL


def told(error: GoujiError) -> str:
    """The message of an error in the language that is spoken."""
    from extractor.catalogue.errors import in_chinese
    from extractor.cli.command import Spoken

    if Spoken.lang == "en":
        return str(error)
    return getattr(error, "zh", None) or in_chinese(str(error))


def _word(name: str, arguments: list[str]) -> str:
    from extractor.catalogue import Catalogue, language

    return str(Catalogue("cli")[language(arguments, os.environ)].errors[name])


__all__ = ["invoke", "main", "told"]
