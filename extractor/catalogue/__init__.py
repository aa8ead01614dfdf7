"""What the program says to people, as data: one TOML file a subject and language, loaded when it is needed."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")
FOLDER = os.path.dirname(__file__)
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that says something decides


class Words:
    """The texts of one subject in one language, by name; ``{…}`` in them is filled by `str.format`."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def __getattr__(self, name: str) -> Any:
        try:
            return self._texts[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        return self._texts[name]

    def get(self, name: str) -> Any:
        """A text that need not be there, or None."""
        return self._texts.get(name)

    def keys(self) -> Iterator[str]:
        """The names of all texts; those of a table within have dots."""
        return _names(self._texts, "")


class Catalogue(Mapping[Lang, Words]):
    """The texts of one subject in every language.

    Args:
        subject: First part of the names of its files, ``SUBJECT.LANG.toml``.
    """

    __slots__ = ("subject",)

    def __init__(self, subject: str) -> None:
        self.subject = subject

    def __getitem__(self, lang: Lang) -> Words:
        return _load(self.subject, lang)

    def __iter__(self) -> Iterator[Lang]:
        return iter(LANGS)

    def __len__(self) -> int:
        return len(LANGS)


@cache
def _load(subject: str, lang: Lang) -> Words:
    with open(os.path.join(FOLDER, f"{subject}.{lang}.toml"), "rb") as file:
        return Words(tomllib.load(file))


def _names(texts: Mapping[str, Any], before: str) -> Iterator[str]:
    for name, text in texts.items():
        if isinstance(text, Mapping):
            yield from _names(text, f"{before}{name}.")
        else:
            yield before + name


def asked_for(arguments: Sequence[str]) -> Lang | None:
    """The language that ``--lang`` names in a command line, or None."""
    for argument, following in zip_longest(arguments, arguments[1:]):
        value = following if argument == "--lang" else argument.removeprefix("--lang=")
        for lang in LANGS:
            if value == lang and argument.startswith("--lang"):
                return lang
    return None


def language(arguments: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """The language of help and errors: that of ``--lang``, else that of the locale."""
    named = asked_for(arguments)
    if named is not None:
        return named
    locale = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


__all__ = ["FOLDER", "LANGS", "Catalogue", "Lang", "Words", "asked_for", "language"]
