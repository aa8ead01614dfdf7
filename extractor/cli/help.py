"""Help, set by rich: commands first and in groups, options in panels, examples at the end."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

from extractor.cli.command import WORDS, Spoken, path_of

if TYPE_CHECKING:
    from rich.table import Table

    from extractor.cli.group import Commands

_WIDEST = 110
_NAMES = 34


class _Page:
    """One page of help as it is made."""

    def __init__(self) -> None:
        from rich.console import Console

        terminal = sys.stdout is not None and sys.stdout.isatty()
        width = min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)
        colour = terminal and not os.environ.get("NO_COLOR")
        self.out = io.StringIO()
        self.console = Console(
            file=self.out, width=width, force_terminal=colour, highlight=False, emoji=False
        )
        self.words = WORDS[Spoken.lang]

    def say(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style or None, markup=False)

    def block(self, title: str, text: str) -> None:
        """A heading and lines that stay as they are."""
        if text:
            self.say(f"\n{title}", "bold")
            for line in text.rstrip().splitlines():
                self.console.print(f"  {line}", markup=False, soft_wrap=True)

    def table(self, title: str, rows: list[tuple[str, str]]) -> None:
        if not rows:
            return
        self.say(f"\n{title}", "bold")
        self.console.print(self._grid(rows))

    @staticmethod
    def _grid(rows: list[tuple[str, str]]) -> Table:
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=2)
        widest = max(len(name) for name, _ in rows)
        grid.add_column(width=min(widest, _NAMES), no_wrap=False)
        grid.add_column(ratio=1)
        for name, about in rows:
            grid.add_row("", Text(name, style="cyan"), Text(about))
        return grid

    def done(self) -> str:
        return "\n".join(line.rstrip() for line in self.out.getvalue().splitlines())


def _options(page: _Page, command: Any, name: str) -> None:
    """The arguments and options of a command, a panel after the other."""
    words = page.words
    panels: dict[str, list[tuple[str, str]]] = {}
    for param in command.params:
        if getattr(param, "hidden", False):
            continue
        panel = param.rich_help_panel or (
            "arguments" if param.param_type_name == "argument" else "options"
        )
        panels.setdefault(panel, []).append((_shown(param), about(words, name, param.name)))
    panels.setdefault("options", []).append(("-h, --help", words.options["help"]))
    for panel in words.panels:
        page.table(words.panels[panel], panels.get(panel, []))


def about(words: Any, command: str, param: str) -> str:
    """What the catalogue says of an option: of this command, else of all."""
    own = (words.get("options_of") or {}).get(command, {})
    return str(own.get(param) or words.options[param])


def _shown(param: Any) -> str:
    if param.param_type_name == "argument":
        return str(param.metavar or param.name)
    names = ", ".join(sorted(param.opts, key=len))
    if getattr(param, "is_flag", False):
        return names
    choices = getattr(param.type_descriptor, "choices", None) or ()
    return f"{names} {param.metavar or '|'.join(map(str, choices))}"


def of_command(command: Any, ctx: Any) -> str:
    """The help of one command."""
    name = path_of(ctx)
    if name == "extract":
        return of_group(ctx.parent.command, ctx.parent)
    key = name.removeprefix("extract ").replace(" ", "_")
    page = _Page()
    texts = page.words.commands[key]
    page.say(f"{page.words.usage} {name} {texts['usage']}", "bold")
    page.say(f"\n{texts['about']}")
    _options(page, command, key)
    page.block(page.words.more, texts.get("more", ""))
    page.block(page.words.examples, texts["examples"])
    page.block(page.words.exit_codes, texts["exit"])
    return page.done()


def of_group(group: Commands, ctx: Any) -> str:
    """The help of the program, or of a command with commands of its own."""
    from extractor.cli.group import GROUPS, Root

    page = _Page()
    words = page.words
    root = isinstance(group, Root)
    texts = words.commands["extract" if root else str(group.name)]
    page.say(f"{words.usage} {ctx.command_path} {texts['usage']}", "bold")
    page.say(f"\n{texts['about']}")
    groups = GROUPS if root else {"one": group.table}
    for title, names in groups.items():
        prefix = "" if root else f"{group.name}_"
        rows = [(name, words.commands[prefix + name]["short"]) for name in names]
        page.table(words.groups[title] if root else words.commands_title, rows)
    if isinstance(group, Root):
        _options(page, group.reading(ctx), "extract")
        page.table(
            words.completion,
            [
                ("--install-completion [SHELL]", words.options["install_completion"]),
                ("--show-completion [SHELL]", words.options["show_completion"]),
            ],
        )
    page.block(words.examples, texts["examples"])
    page.block(words.exit_codes, texts["exit"])
    return page.done()
