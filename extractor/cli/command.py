"""A command of the command line: a function of one object of options, built by typer from its fields."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

import typer
import typer.core
from typer.core import TyperCommand

from extractor.catalogue import Catalogue, Lang
from extractor.errors import UsageError
from extractor.writing import put

T = TypeVar("T")
WORDS = Catalogue("cli")
HELP = ("-h", "--help")
NAMELESS = "\0"
"""The command that reads a report: no word of a command line, so it hides no file of that name."""
_NUMBER = re.compile(r"-\d+|-\d*\.\d+")


class Spoken:
    """The language of help and errors; one for the whole program, as the standard streams are."""

    lang: Lang = "en"
    arguments: tuple[str, ...] = ()


def command_line() -> tuple[str, ...]:
    """The words of the command line behind the command."""
    return Spoken.arguments[1:]


def wrong(name: str, where: str, /, **facts: object) -> UsageError:
    """An error of usage in the language that is spoken, with where to read on."""
    words = WORDS[Spoken.lang]
    text = words.errors[name].format(**facts)
    return UsageError(f"{text}{words.errors['sep']}{words.errors['see'].format(command=where)}")


def near(word: str, known: list[str], cutoff: float = 0.6) -> str:
    """The words that one resembles, as a question; empty when it resembles none."""
    words = WORDS[Spoken.lang]
    found = get_close_matches(word, known, n=2, cutoff=cutoff)
    if not found:
        return ""
    return str(words.errors["near"].format(near=words.errors["or"].join(found)))


def path_of(ctx: Any) -> str:
    """The words that call a command; the nameless one is the program itself."""
    return str(ctx.command_path.replace(NAMELESS, "").strip())


class Said(TyperCommand):
    """A command whose help is of the catalogue and whose errors are one line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, after help was given and options without their values were refused."""
        if ctx.resilient_parsing:
            return list(super().parse_args(ctx, args))
        where = path_of(ctx)
        args = list(self._gathered(args))
        self._scan(ctx, args, where)
        try:
            rest = list(super().parse_args(ctx, args))
        except typer.exceptions.TyperException as error:
            raise self._told(error, where) from None
        if rest:
            raise wrong("extra", where, words=" ".join(rest))
        return rest

    def get_help(self, ctx: Any) -> str:
        """The help as text, in the language that is spoken."""
        from extractor.cli.help import of_command

        return of_command(self, ctx)

    def _valued(self) -> dict[str, Any]:
        """The options that take values, by each of their names."""
        return {
            name: param
            for param in self.params
            if param.param_type_name == "option" and not getattr(param, "is_flag", False)
            for name in param.opts
        }

    def _gathered(self, args: list[str]) -> Iterator[str]:
        """``--only A B`` as ``--only A --only B``, and ``--confirm`` alone as ``--confirm any``."""
        valued = self._valued()
        open_option = ""
        for at, word in enumerate(args):
            following = args[at + 1] if at + 1 < len(args) else None
            if word == "--":
                yield from args[at:]
                return
            if word.startswith("-") and word != "-":
                param = valued.get(word)
                many = param is not None and getattr(self.callback, "many", ()) == (param.name,)
                open_option = word if many else ""
                yield word
                alone = getattr(self.callback, "alone", {})
                if param is not None and param.name in alone and _is_option(following):
                    yield alone[param.name]
                continue
            if open_option and at and args[at - 1] != open_option:
                yield open_option
            yield word

    def _scan(self, ctx: Any, args: list[str], where: str) -> None:
        valued = self._valued()
        at = 0
        while at < len(args) and args[at] != "--":
            word = args[at]
            if word in HELP:
                put(None, self.get_help(ctx) + "\n")
                raise typer.Exit(0)
            param = valued.get(word)
            if param is not None:
                values = args[at + 1 : at + 1 + param.nargs]
                if len(values) < param.nargs or any(map(_is_option, values)):
                    raise wrong("no_value", where, option=word, value=param.metavar or "")
                at += param.nargs
            at += 1

    def _told(self, error: Any, where: str) -> UsageError:
        """An error of typer in our words."""
        option: str = getattr(error, "option_name", "")
        param = getattr(error, "param", None)
        kind = type(error).__name__
        if kind == "NoSuchOption":
            known = [name for one in self.params for name in one.opts if name.startswith("--")]
            return wrong("no_option", where, option=option, near=near(option, [*known, "--help"]))
        if kind == "MissingParameter" and param is not None:
            return wrong("missing", where, name=_name(param))
        if param is not None:
            choices = getattr(param.type_descriptor, "choices", None)
            if choices:
                return wrong(
                    "no_choice", where, option=_name(param), choices=", ".join(map(str, choices))
                )
            return wrong("no_number", where, option=_name(param), value=_given(error))
        if kind == "BadOptionUsage":
            return wrong("takes_none", where, option=option)
        return UsageError(error.format_message())


def _name(param: Any) -> str:
    return param.opts[0] if param.param_type_name == "option" else str(param.metavar or param.name)


def _given(error: Any) -> str:
    """The value that was refused, as the library that validates for typer tells it."""
    cause: Any = error.__cause__ or error.__context__
    return str(cause.errors()[0]["input"]) if hasattr(cause, "errors") else str(error.message)


def _is_option(word: str | None) -> bool:
    if word is None:
        return True
    return (
        word.startswith("-") and len(word) > 1 and not _NUMBER.fullmatch(word) and " " not in word
    )


def command(
    options: type[T], *, many: str = "", alone: dict[str, str] | None = None
) -> Callable[[Callable[[T], int]], Callable[..., int]]:
    """Make a function of an object of options one that typer takes.

    Args:
        options: A dataclass whose fields are annotated with `typer.Option` or `typer.Argument`.
        many: An option that takes all words up to the next option.
        alone: Options that may stand without a value, with the value that they then have.
    """

    def decorate(function: Callable[[T], int]) -> Callable[..., int]:
        def call(**given: Any) -> int:
            return function(options(**given))

        hints = get_type_hints(options, include_extras=True)
        made = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=_default(field),
                annotation=hints[field.name],
            )
            for field in fields(options)  # type: ignore[arg-type]
        ]
        vars(call).update(
            __signature__=inspect.Signature(made),
            __annotations__=hints,
            __name__=function.__name__,
            __doc__=function.__doc__,
            many=(many,) if many else (),
            alone=alone or {},
        )
        call.__annotations__ = {**hints, "return": int}
        return call

    return decorate


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return inspect.Parameter.empty if field.default is MISSING else field.default


def built(name: str, function: Callable[..., int]) -> Any:
    """The command of a function, with the texts of the catalogue."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(
        name, cls=Said, context_settings={"help_option_names": list(HELP), "allow_extra_args": True}
    )(function)
    return typer.main.get_command(app)
