"""Which code made a result: one digest of the sources for each stage of its making.

A stage is the modules that are reached from where it begins by `import` statements, wherever these stand;
those under ``if TYPE_CHECKING:`` decide nothing and do not count. They are found by reading the sources,
never by running them.

- ``read``: from bytes to a reading: decoding, layout, readers, ladder, models. It ends where the reading
  is held against its source or judged; so a change of structure or of a rule alone is none of it.
- ``ground``: holding a reading against its source, and how that is kept.
- ``judge``: from there to the result.

A module may be in more than one: the layout is in ``read`` and ``ground``, the identities in all, because
placements depend on them. What reason codes say and force (`verify.codes`) is looked up when judging and never
kept, so it is in ``judge`` alone. That a model is asked again depends on verdicts, and yet these are not in
``read``: questions that were answered are not asked anew because a rule changed.

A package counts where something is imported from it that is its own; one that only gives a name on leads
to where the name is from, and one that is merely around a module does not count. Data of the verifier count as
modules: the files of forms as such that `verify.forms` imports, any other ``NAME.toml`` as one that ``NAME.py``
beside it imports. Other people's packages, and other data that is no code (prompts, prices), are in no stage:
hashes of prompts are recorded beside.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain

PACKAGES = ("extractor", "prompts", "verify")
_JUDGE = ("verify.judge", "verify.result", "verify.stored.kept", "extractor.steps")
_GROUND = ("verify.ground", "verify.stored.kept")
_READ = ("extractor.batch.unit", "extractor.rungs")
_GLUE = "verify.verdict"  # of both halves, for who needs no more than the verdict; never followed
_CODES = "verify.codes"
_CONTRACT = ("verify.schema", "verify.schema_parts", "verify.provenance")  # the JSON of results
_FORMS = "verify.forms"
_DATA = ".toml"
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


class Code:
    """The sources of the program and who imports whom.

    Digests depend on names and texts of the modules alone: not on where these are installed, in what order
    they are found, or how their lines end.

    Args:
        packages: Where the sources of each package are; those that are installed when None.

    Attributes:
        sources: Of each module by name, with line feeds.
    """

    def __init__(self, packages: Mapping[str, Traversable] | None = None) -> None:
        if packages is None:
            packages = {name: resources.files(name) for name in PACKAGES}
        found = chain.from_iterable(_modules(name, at) for name, at in packages.items())
        self._packages: set[str] = set()
        self.sources: dict[str, bytes] = {}
        for name, source in found:
            module = name.removesuffix(".__init__")
            if module != name:
                self._packages.add(module)
            self.sources[module] = source
        self._gives: dict[str, dict[str, tuple[str, str]] | None] = {}
        self._imports: dict[str, frozenset[str]] = {}

    def read(self) -> frozenset[str]:
        """The modules of the stage ``read``."""
        return self.closure(_READ, without={*_GROUND, *_JUDGE, _GLUE, _CODES, *_CONTRACT})

    def ground(self) -> frozenset[str]:
        """The modules of the stage ``ground``."""
        return self.closure(_GROUND, without={_CODES}) | {_GLUE}

    def judge(self) -> frozenset[str]:
        """The modules of the stage ``judge``."""
        return self.closure(_JUDGE)

    def digest(self, modules: Iterable[str]) -> str:
        """SHA-256 over names and texts of modules."""
        hashed = hashlib.sha256()
        for name in sorted(modules):
            hashed.update(f"{name} {len(self.sources[name])}\n".encode())
            hashed.update(self.sources[name])
        return hashed.hexdigest()

    def closure(self, roots: Iterable[str], without: Collection[str] = ()) -> frozenset[str]:
        """All modules that are reached from some, these included.

        Args:
            roots: From where to begin.
            without: Where not to go.

        Raises:
            RuntimeError: There is no source of a module from which to begin.
        """
        waiting = list(roots)
        missing = next((name for name in waiting if name not in self.sources), None)
        if missing is not None:
            raise RuntimeError(
                f"no source of the module {missing!r}, so the code that runs has no version;"
                " install the program with its sources"
            )
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found and name not in without:
                found.add(name)
                waiting += self.imports(name)
        return frozenset(found)

    def imports(self, module: str) -> frozenset[str]:
        """The modules of the program that one imports, wherever in it."""
        known = self._imports.get(module)
        if known is None:
            package = module if module in self._packages else module.rpartition(".")[0]
            reached: set[str] = set()
            text = "" if module.endswith(_DATA) else self.sources[module].decode()
            for origin, name in statements(text):
                reached |= self._behind(absolute(origin, package), name)
            data = {name for name in self.sources if name.endswith(_DATA)}
            if module == _FORMS:
                reached |= {name for name in data if name.startswith(f"{_FORMS}.")}
            reached |= {module + _DATA} & data
            known = self._imports[module] = frozenset(reached)
        return known

    def _behind(self, origin: str, name: str) -> set[str]:
        """What ``from origin import name`` reaches; ``import origin`` where the name is empty."""
        if origin not in self.sources:
            return set()
        if name and f"{origin}.{name}" in self.sources:
            return {f"{origin}.{name}"}
        given = self._given(origin)
        if given is not None and name in given:
            return self._behind(*given[name])
        return {origin}

    def _given(self, package: str) -> dict[str, tuple[str, str]] | None:
        """Whence a package has the names that it gives on; None for a module, or one that does more."""
        if package not in self._packages:
            return None
        if package not in self._gives:
            self._gives[package] = _names_given(self.sources[package].decode(), package)
        return self._gives[package]


def statements(text: str) -> Iterator[tuple[str, str]]:
    """The imports of a source: the module and a name of it, which is empty for ``import module``."""
    waiting: list[ast.AST] = [ast.parse(text)]
    for node in waiting:  # which grows
        if isinstance(node, ast.Import):
            yield from ((one.name, "") for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from ((origin, one.name) for one in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting += node.orelse
        else:
            waiting += [one for name in _BLOCKS for one in getattr(node, name, ())]


def _names_given(text: str, package: str) -> dict[str, tuple[str, str]] | None:
    """Whence an ``__init__`` has each of its names; None where it holds more than imports and ``__all__``."""
    names: dict[str, tuple[str, str]] = {}
    for node in ast.parse(text).body:
        match node:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                pass
            case ast.ImportFrom():
                origin = absolute("." * node.level + (node.module or ""), package)
                names.update({one.asname or one.name: (origin, one.name) for one in node.names})
            case _:
                return None
    return names


def absolute(origin: str, package: str) -> str:
    """The name of a module as a module of a package names it."""
    name = origin.lstrip(".")
    above = len(origin) - len(name)
    if not above:
        return origin
    around = package.split(".")
    return ".".join([*around[: len(around) - above + 1], *([name] if name else [])])


def _modules(name: str, at: Traversable) -> Iterator[tuple[str, bytes]]:
    """Every module under a directory, with its source."""
    for entry in at.iterdir():
        file = entry.name
        if file.endswith(".py") or (name.partition(".")[0] == "verify" and file.endswith(_DATA)):
            data = entry.read_bytes()
            yield (
                f"{name}.{file.removesuffix('.py')}",
                data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"),
            )
        elif "." not in file and not file.startswith("__") and entry.is_dir():
            yield from _modules(f"{name}.{file}", entry)


__all__ = ["PACKAGES", "Code", "absolute", "statements"]
