"""The commands by name, each loaded when it is called; a word that is none is a report."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from extractor.cli.command import HELP, NAMELESS, WORDS, Spoken, built, near, wrong
from extractor.writing import put

READ = ("extractor.cli.read", "read")
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "one": {
        "text": ("extractor.cli.text", "text"),
        "verify": ("extractor.recheck", "verify"),
        "rules": ("extractor.rulebook", "rules"),
        "lexicon": ("extractor.cli.lexicon", "lexicon"),
    },
    "many": {
        "batch": ("extractor.batch.command", "batch"),
        "merge": ("extractor.batch.command", "merge"),
        "summary": ("extractor.across.command", "summary"),
        "export": ("extractor.export.command", "export"),
        "diff": ("extractor.diff.command", "diff"),
    },
    "people": {
        "review": ("extractor.review.command", "review"),
        "site": ("extractor.site.command", "site"),
        "decisions": ("extractor.decisions", "decisions"),
    },
    "golden": {"golden": ("extractor.cli.golden", "golden")},
}
COMMANDS = {name: place for group in GROUPS.values() for name, place in group.items()}
GOLDEN = {"check": ("extractor.cli.golden", "check"), "add": ("extractor.cli.golden", "add")}
LEXICON = {name: ("extractor.cli.lexicon", name) for name in ("add", "list", "remove")}
DECISIONS = {
    "export": ("extractor.decisions", "export"),
    "import": ("extractor.decisions", "import_"),
}
WITHIN = {"golden": GOLDEN, "lexicon": LEXICON, "decisions": DECISIONS}
"""Commands of commands."""
_ALIKE = 0.75
_COMPLETION = ("--install-completion", "--show-completion")


class Commands(TyperGroup):
    """Commands that are loaded by name."""

    def __init__(self, name: str, table: dict[str, tuple[str, str]]) -> None:
        super().__init__(name=name, rich_markup_mode=None, add_help_option=False)
        self.table = self.places = table
        self._loaded: dict[str, Any] = {}

    def list_commands(self, _ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(self.table)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """The command of a name, loaded now."""
        if cmd_name not in self._loaded and cmd_name in self.places:
            if cmd_name in WITHIN:
                self._loaded[cmd_name] = Commands(cmd_name, WITHIN[cmd_name])
            else:
                module, function = self.places[cmd_name]
                self._loaded[cmd_name] = built(cmd_name, getattr(import_module(module), function))
        return self._loaded.get(cmd_name)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Print help, or refuse a word that is no command."""
        if not ctx.resilient_parsing and (not args or args[0] not in self.table):
            where = ctx.command_path
            if args and args[0] in HELP:
                put(None, self.get_help(ctx) + "\n")
                raise typer.Exit(0)
            names = ", ".join(self.table)
            if not args or args[0].startswith("-"):
                raise wrong("no_command", where, names=names)
            alike = near(args[0], list(self.table))
            raise wrong("not_command", where, word=args[0], names=names, near=alike)
        return list(super().parse_args(ctx, args))

    def get_help(self, ctx: Any) -> str:
        """The help of a group."""
        from extractor.cli.help import of_group

        return of_group(self, ctx)


class Root(Commands):
    """``extract``: the commands, or without one the report that is named."""

    def __init__(self) -> None:
        super().__init__("extract", COMMANDS)
        self.places = {**COMMANDS, NAMELESS: READ}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the nameless command before a word that is no command."""
        if ctx.resilient_parsing:
            if args and args[0] not in self.table:
                args = [NAMELESS, *args]
            return list(TyperGroup.parse_args(self, ctx, args))
        if args and args[0] in _COMPLETION:
            raise typer.Exit(self._completion(*args[:2]))
        if args and args[0] in self.table:
            return list(TyperGroup.parse_args(self, ctx, args))
        if args and not args[0].startswith("-") and not os.path.lexists(args[0]):
            alike = near(args[0], list(self.table), _ALIKE)
            if alike:
                raise wrong("not_file", "extract", word=args[0], near=alike)
        return list(TyperGroup.parse_args(self, ctx, [NAMELESS, *args]))

    def reading(self, ctx: Any) -> Any:
        """The command that reads a report."""
        return self.get_command(ctx, NAMELESS)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Commands, or the options of reading a report."""
        if incomplete.startswith("-"):
            return list(self.reading(ctx).shell_complete(ctx, incomplete))
        from typer.core import CompletionItem  # type: ignore[attr-defined]

        words = WORDS[Spoken.lang]
        return [  # where none fits, the shell offers files
            CompletionItem(name, help=words.commands[name]["short"])
            for name in self.table
            if name.startswith(incomplete)
        ]

    @staticmethod
    def _completion(option: str, shell: str | None = None) -> int:
        """Install or print what completes words in a shell."""
        from typer import completion

        completion.completion_init()  # type: ignore[attr-defined]
        if option == "--show-completion":
            name = shell or os.path.basename(os.environ.get("SHELL", "bash"))
            script = completion.get_completion_script(  # type: ignore[attr-defined]
                prog_name="extract", complete_var="_EXTRACT_COMPLETE", shell=name
            )
            put(None, script + "\n")
            return 0
        kind, path = completion.install(  # type: ignore[attr-defined]
            shell=shell, prog_name="extract"
        )
        put(None, WORDS[Spoken.lang].installed.format(shell=kind, path=path) + "\n")
        return 0
