"""Reports for measuring: consistent tables, sentences that are true of them, and distractors."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from extractor.rules.sample import printed
from tests.garbler import truth
from verify.forms import Form
from verify.rules import Example

Value = int | Decimal
_ORGANISATIONS = ("business", "research", "public_welfare", "legal_service", "other_org")
AGENCIES = (
    "青岚市水利局",
    "云岫县教育局",
    "白石滩市民政局",
    "东渡区人民政府",
    "松溪岭县统计局",
    "临澄市北桥街道办事处",
)
_SLOT = re.compile(r"\{(\w+)\}")
_ZEROS = re.compile(r"\[([^\]]+)\]")
_CHANCE = re.compile("[rRp][0-9]|P|rest|year|last|agency")
_HAN = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Told:
    """A report and what its tables hold.

    Attributes:
        text: The report.
        form: Of its tables.
        figures: A figure for every cell.
        sentences: What its prose says.
        wrong: The false figure and its name, where one was put in.
    """

    text: str
    form: Form
    figures: Mapping[str, Value]
    sentences: tuple[str, ...]
    wrong: tuple[str, str] | None = None


def templates(name: str) -> tuple[Sequence[str], Sequence[str]]:
    """The templates of a file: those about the tables, and those about other things."""
    blocks = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))
    return blocks["true"].splitlines(), blocks["other"].splitlines()


def tell(rng: Random, true: Sequence[str], other: Sequence[str], *, wrong: bool) -> Told:
    """A report.

    Args:
        rng: Source of every choice.
        true: Templates about the tables.
        other: Templates about other things.
        wrong: Put one false figure in.
    """
    variant = rng.choice(tuple(truth.VARIANTS))
    scale = rng.choice(("zero", "zero", "tiny", "tiny", "small", "small", "medium", "large"))
    form = truth.form_of(variant)
    figures = truth.make(rng, variant, scale)
    agency, year = rng.choice(AGENCIES), rng.randint(2019, 2024)
    known = facts(form, figures)
    fitting = [t for t in true if _holds(t, known)]
    chosen = rng.sample(fitting, min(len(fitting), rng.randint(2, 4)))
    said: list[str] = []
    altered = None
    if wrong:
        candidates = [t for t in true if _claims(t, known)]
        template = rng.choice(candidates)
        sentence, altered = _false(rng, template, known, year, agency)
        said.append(sentence)
        chosen = chosen[:1]
    said += [_filled(rng, t, known, chance(rng, year, agency)) for t in chosen]
    said += [
        _filled(rng, t, known, chance(rng, year, agency))
        for t in rng.sample(list(other), min(len(other), rng.randint(2, 6)))
    ]
    rng.shuffle(said)
    prose = _laid_out(rng, said)
    example = Example({n: str(v) for n, v in figures.items()}, prose, agency, variant)
    return Told(printed(example, year), form, figures, tuple(said), altered)


def _holds(template: str, known: Mapping[str, Value]) -> bool:
    match = _ZEROS.match(template)
    if match and any(known.get(z.split("=")[0]) != 0 for z in match[1].split(",")):
        return False
    return all(n in known or _CHANCE.fullmatch(n) for n in _SLOT.findall(template))


def _claims(template: str, known: Mapping[str, Value]) -> bool:
    match = _ZEROS.match(template)
    names = [n for n in _SLOT.findall(template) if not _CHANCE.fullmatch(n)]
    if match:
        zeros = [z.split("=")[0] for z in match[1].split(",")]
        return all(z in known for z in zeros) and any(known[z] != 0 for z in zeros)
    return bool(names) and all(n in known for n in names)


def _false(
    rng: Random, template: str, known: Mapping[str, Value], year: int, agency: str
) -> tuple[str, tuple[str, str]]:
    names = [n for n in _SLOT.findall(template) if not _CHANCE.fullmatch(n)]
    luck = chance(rng, year, agency)
    match = _ZEROS.match(template)
    if match:
        return _filled(rng, template, known, luck), (match[1], "0")
    name = rng.choice(names)
    value = known[name] + rng.choice((1, 2, 3, 10, 40))
    return _filled(rng, template, {**known, name: value}, luck), (name, str(value))


def _filled(rng: Random, template: str, known: Mapping[str, Value], luck: Mapping[str, str]) -> str:
    template = _ZEROS.sub("", template, count=1) if template.startswith("[") else template
    style = rng.choice(("plain", "plain", "plain", "wide", "han", "spaced", "thousands"))

    def figure(match: re.Match[str]) -> str:
        name = match[1]
        if name in luck:
            return luck[name]
        return _styled(known[name], style)

    return _SLOT.sub(figure, template)


def _styled(value: Value, style: str) -> str:
    text = str(value)
    if not isinstance(value, int):
        return text
    if style == "wide":
        return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if style == "spaced":
        return f" {text} "
    if style == "thousands":
        return f"{value:,}"
    if style == "han" and value < 100:
        return numeral(value)
    return text


def numeral(value: int) -> str:
    """A Chinese numeral below 10,000, as people write it."""
    if value < 10:
        return _HAN[value]
    if value < 20:
        return "十" + (_HAN[value % 10] if value % 10 else "")
    found = ""
    gap = False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // size % 10
        if digit:
            found += ("零" if gap and found else "") + _HAN[digit] + unit
            gap = False
        elif found:
            gap = True
    return found


def _laid_out(rng: Random, said: Sequence[str]) -> str:
    """Sentences in paragraphs; now and then lines break where a page was full."""
    text = ""
    for i, sentence in enumerate(said):
        text += sentence + (rng.choice(("", "", "\n", "\n\n")) if i < len(said) - 1 else "")
    if rng.random() < 0.2:
        width = rng.randint(28, 44)
        text = "\n".join(
            "\n".join(line[i : i + width] for i in range(0, len(line), width))
            for line in text.split("\n")
        )
    return text


# --- what is true of the tables, by the names that templates use


def facts(form: Form, figures: Mapping[str, Value]) -> dict[str, Value]:
    """The true figures; one that the form has no cell for is left out."""

    def rows(prefix: str) -> Value:
        return sum(
            figures[f"requests.{row.id}.total"]
            for row in form.table("requests").rows
            if row.id.startswith(prefix)
        )

    def total(row: str) -> Value:
        return figures[f"requests.{row}.total"]

    found: dict[str, Value] = {
        "new": total("new_received"),
        "cin": total("carried_in"),
        "cout": total("carried_out"),
        "done": total("results_total"),
        "granted": total("granted"),
        "partial": total("partially_granted"),
        "denied": rows("denied_"),
        "unable": rows("unable_"),
        "unproc": rows("unprocessed_"),
        "other": rows("other"),
        "nat": figures["requests.new_received.natural_person"],
        "org": sum(figures[f"requests.new_received.{c}"] for c in _ORGANISATIONS),
        "business": figures["requests.new_received.business"],
        "rec": figures["proceedings.reconsideration.total"],
        "litd": figures["proceedings.litigation_direct.total"],
        "lita": figures["proceedings.litigation_after_reconsideration.total"],
        "lic": figures["proactive.licensing.decisions"],
        "pen": figures["proactive.penalties.decisions"],
        "coe": figures["proactive.coercion.decisions"],
    }
    found["lit"] = found["litd"] + found["lita"]
    cells = {
        "nd": ("proactive.normative_documents.issued", "proactive.normative_documents.made"),
        "rep": ("proactive.normative_documents.repealed",),
        "force": ("proactive.normative_documents.in_force",),
        "rules": ("proactive.regulations.issued", "proactive.regulations.made"),
        "fee": ("proactive.fees.amount",),
        "buy": ("proactive.procurement.items",),
        "spent": ("proactive.procurement.amount",),
    }
    for name, possible in cells.items():
        for cell in possible:
            if cell in figures:
                found[name] = figures[cell]
    return found


def chance(rng: Random, year: int, agency: str) -> dict[str, str]:
    """Figures that speak of nothing in the tables."""
    parts = [rng.randint(20, 400) for _ in range(3)]
    found = {f"r{i}": str(rng.randint(1, 60)) for i in (1, 2, 3)}
    found |= {f"R{i}": str(rng.randint(100, 999)) for i in (1, 2, 3)}
    found |= {f"p{i}": str(part) for i, part in enumerate(parts, 1)}
    found |= {"P": str(sum(parts)), "rest": str(sum(parts[1:])), "R9": str(rng.randint(1000, 9999))}
    return found | {"year": str(year), "last": str(year - 1), "agency": agency}
