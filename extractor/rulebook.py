"""``extract rules``: the catalogue of rules, one of them explained, or the lint of the identities."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from extractor.catalogue import LANGS, Lang
from extractor.cli.command import command
from extractor.errors import UsageError
from extractor.render._text import pad, width_of, wrap
from extractor.rules.lint import report
from extractor.rules.shown import WORDS, formulas, in_words
from extractor.writing import put
from verify.forms import every_form
from verify.rules import (
    HEADINGS,
    HEADINGS_ZH,
    Family,
    Kind,
    Rule,
    every_family,
    every_rule,
    families_of_code,
    family_of,
    find_rule,
)

_WIDTH = 100
_NEAR = 3


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is listed."""

    id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None
    kind: Annotated[Kind | None, typer.Option("--kind")] = None
    lang: Annotated[Lang, typer.Option("--lang")] = "zh"
    json: Annotated[bool, typer.Option("--json")] = False
    lint: Annotated[bool, typer.Option("--lint")] = False


@command(Options)
def rules(options: Options) -> int:
    """List the rules, or explain one."""
    put(None, "".join(f"{line}\n" for line in lines_of(options)))
    return 0


def lines_of(options: Options) -> Iterator[str]:
    """What ``extract rules`` prints.

    Raises:
        UsageError: There is no such rule or kind, or options that do not go together.
    """
    if options.lint and (options.id or options.kind or options.json):
        raise UsageError("--lint goes with nothing else; leave the rest out")
    if options.lint:
        lines: Iterator[str] = report()
    elif options.id is not None:
        if options.kind:
            raise UsageError("--kind chooses from the list; leave it out with an ID")
        chosen = _named(options.id)
        lines = (
            iter([_json([_as_json(*pair, full=True) for pair in chosen])])
            if options.json
            else _explained(chosen)
        )
    else:
        families = [f for f in every_family() if options.kind in (None, f.kind)]
        pairs = [(family, rule) for family in families for rule in family.rules]
        lines = (
            iter([_json([_as_json(*pair, full=False) for pair in pairs])])
            if options.json
            else _listed(families, options.lang)
        )
    return lines


Pairs = list[tuple[Family, Rule]]


def _named(id: str) -> Pairs:
    """The rules of an id: of a finding (several are parted by commas), a rule or a family."""
    families = {family.id: family for family in every_family()}
    found: Pairs = []
    for one in id.split(","):
        try:
            found.append((family_of(one), find_rule(one)))
        except KeyError:
            if one not in families:
                raise UsageError(_unknown(one, families)) from None
            found += [(families[one], member) for member in families[one].rules]
    return found


def _unknown(id: str, families: dict[str, Family]) -> str:
    known = dict.fromkeys([*families, *(rule.id for rule in every_rule())])
    told = [family.id for family in families_of_code(id)]
    if told:  # a result shows both beside each other
        return f"{id!r} is the code of a reason; ask for {' or '.join(map(repr, told))}"
    near = get_close_matches(id, known, n=_NEAR, cutoff=0.6)
    near += [other for other in known if other.endswith(f".{id}") and other not in near][:_NEAR]
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "see extract rules"
    return f"no rule is called {id!r}; {hint}"


# --- the list -------------------------------------------------------------------------------------


def _listed(families: Sequence[Family], lang: Lang) -> Iterator[str]:
    pairs = [(family, rule) for family in families for rule in family.rules]
    widest = max(width_of(rule.id) for _, rule in pairs)
    forms = max(width_of(_forms(rule, lang)) for _, rule in pairs)
    kind = ""
    for family, member in pairs:
        if family.kind != kind:
            if kind:
                yield ""
            kind = family.kind
            yield WORDS[lang].kinds[kind]
        sentence = member.zh if lang == "zh" else member.en
        head = f"  {pad(member.id, widest)}  {pad(_forms(member, lang), forms)}  {family.severity:<7}  "
        first, *rest = wrap(sentence, max(40, 120 - width_of(head)))
        yield head + first
        for line in rest:
            yield " " * width_of(head) + line
    yield ""
    yield WORDS[lang].count.format(len(pairs))


def _forms(member: Rule, lang: Lang) -> str:
    """The variants in which a rule holds, as short as they can be told."""
    variants = [form.variant for form in every_form()]
    if set(member.forms) == set(variants):
        return str(WORDS[lang].all_forms)
    for part, number in ((0, "二"), (1, "三")):
        for edition in ("2019", "2021"):
            those = {v for v in variants if v.split("+")[part] == edition}
            if set(member.forms) == those:
                return str(WORDS[lang].of_edition.format(table=number, edition=edition))
    return " ".join(member.forms)


# --- one rule -------------------------------------------------------------------------------------


def _explained(chosen: Pairs) -> Iterator[str]:
    """Rules in Chinese, then in English; the documentation of a family once."""
    shown: set[str] = set()
    for at, (family, member) in enumerate(chosen):
        if at:
            yield ""
        last = at + 1 == len(chosen) or chosen[at + 1][0] is not family
        yield f"{member.id}   {WORDS['zh'].kinds[family.kind]} {family.kind}, {family.severity}"
        yield f"  {_forms(member, 'zh')}: {' '.join(member.forms)}"
        yield from _wrapped(" ".join(family.codes), 2)
        yield from _wrapped(member.zh, 2)
        yield from _wrapped(member.en, 2)
        yield from _formulas(member)
        for lang in LANGS:
            for kind, example in (("passes", member.passes), ("breaks", member.fails)):
                yield f"  {WORDS[lang][kind]}"
                for line in in_words(member, example, lang):
                    yield from _wrapped(line, 4)
        if last and family.id not in shown:
            shown.add(family.id)
            yield from _documentation(family)


def _formulas(member: Rule) -> Iterator[str]:
    for variants, identity in formulas(member):
        yield f"  {', '.join(variants)}:"
        for sign, names in (("", identity.plus), ("= ", identity.minus)):
            yield from _wrapped(sign + " + ".join(names), 4)


def _documentation(family: Family) -> Iterator[str]:
    yield ""
    yield from _wrapped(family.summary, 0)
    for heading in (*HEADINGS_ZH, *HEADINGS):
        chinese = heading in HEADINGS_ZH
        yield f"{heading}：" if chinese else f"{heading}:"
        lines = family.doc[heading].splitlines()
        for line in wrap(("" if chinese else " ").join(lines), _WIDTH - 2):
            yield f"  {line}"


def _wrapped(text: str, indent: int) -> Iterator[str]:
    for line in wrap(text, _WIDTH - indent):
        yield " " * indent + line


# --- JSON -----------------------------------------------------------------------------------------


def _as_json(family: Family, member: Rule, *, full: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": member.id,
        "family": family.id,
        "kind": family.kind,
        "severity": family.severity,
        "codes": list(family.codes),
        "forms": list(member.forms),
        "zh": member.zh,
        "en": member.en,
    }
    if full:
        said["formulas"] = [
            {"forms": list(variants), "plus": list(identity.plus), "minus": list(identity.minus)}
            for variants, identity in formulas(member)
        ]
        said["passes"] = {lang: in_words(member, member.passes, lang) for lang in LANGS}
        said["fails"] = {lang: in_words(member, member.fails, lang) for lang in LANGS}
        said["summary"] = family.summary
        said["doc"] = dict(family.doc)
    return said


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
