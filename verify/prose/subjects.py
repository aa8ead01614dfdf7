"""What a claim can speak of, and the cells or sums of cells that may be meant by it.

Words of prose are looser than tables. A subject lists every legitimate meaning, the usual one first; a
claim agrees when one of them agrees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from verify.forms import APPLICANTS, Form

ORGANISATIONS = tuple(c.id for c in APPLICANTS if c.id not in ("natural_person", "total"))
_PROACTIVE = ("licensing", "penalties", "coercion")
_DOCUMENTS = {"normative_documents": ("规范性文件", "normative documents"),
              "regulations": ("规章", "regulations (规章)")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sum of cells: ``plus`` less ``minus``."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """All cells of the sum."""
        return self.plus + self.minus


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim speaks of.

    Attributes:
        zh: Its name in messages.
        en: The same in English.
        rule: Id of the rule that holds it against the tables, None where no cell does.
        money: Whether it is a sum of money.
    """

    zh: str
    en: str
    rule: str | None
    money: bool = False


def _subjects() -> dict[str, Subject]:
    found = {
        "requests.received": Subject("收到申请", "requests received", "prose.received"),
        "requests.accepted": Subject("受理申请", "requests accepted", "prose.received"),
        "requests.answered": Subject("办结答复申请", "requests answered", "prose.answered"),
        "requests.handled": Subject("办理申请", "requests handled", "prose.answered"),
        "requests.granted": Subject("予以公开", "requests granted", "prose.results"),
        "requests.partially_granted": Subject("部分公开", "requests granted in part", "prose.results"),
        "requests.denied": Subject("不予公开", "requests denied", "prose.results"),
        "requests.unable": Subject("无法提供", "requests that could not be met", "prose.results"),
        "requests.unprocessed": Subject("不予处理", "requests not processed", "prose.results"),
        "requests.other": Subject("其他处理", "requests otherwise handled", "prose.results"),
        "requests.carried_in": Subject("上年结转申请", "requests carried in", "prose.carried_in"),
        "requests.carried_out": Subject("结转下年申请", "requests carried out", "prose.carried_out"),
        "requests.organisations": Subject("法人或其他组织的申请", "requests of organisations",
                                          "prose.applicants"),
        "reconsideration": Subject("行政复议", "reconsiderations", "prose.reconsideration"),
        "litigation": Subject("行政诉讼", "lawsuits", "prose.litigation"),
        "proceedings": Subject("行政复议和行政诉讼", "reconsiderations and lawsuits",
                               "prose.litigation"),
        "litigation.direct": Subject("未经复议直接起诉", "direct lawsuits", "prose.litigation"),
        "litigation.after_reconsideration": Subject("复议后起诉", "lawsuits after reconsideration",
                                                    "prose.litigation"),
        "licensing": Subject("行政许可", "licences", "prose.licensing"),
        "licensing.items": Subject("行政许可事项", "items of licensing", "prose.licensing"),
        "penalties": Subject("行政处罚", "penalties", "prose.penalties"),
        "penalties.items": Subject("行政处罚事项", "items of penalties", "prose.penalties"),
        "coercion": Subject("行政强制", "coercive measures", "prose.coercion"),
        "coercion.items": Subject("行政强制事项", "items of coercion", "prose.coercion"),
        "fees": Subject("行政事业性收费", "fees", "prose.fees", money=True),
        "procurement": Subject("政府集中采购项目", "procurements", "prose.procurement"),
        "procurement.amount": Subject("政府集中采购金额", "procurement amount", "prose.procurement",
                                      money=True),
        "proactive.disclosed": Subject("主动公开信息", "information disclosed", None),
        "part": Subject("其中一部分", "a part", None),
    }  # fmt: skip
    for column in APPLICANTS[:-1]:
        found[f"requests.{column.id}"] = Subject(
            f"{column.label}的申请", f"requests of {column.id}", "prose.applicants"
        )
    acts = {"issued": ("制发", "issued"), "disclosed": ("公开", "disclosed"),
            "repealed": ("废止", "repealed"), "in_force": ("现行有效", "in force")}  # fmt: skip
    for row, (zh, en) in _DOCUMENTS.items():
        for act, (act_zh, act_en) in acts.items():
            found[f"{row}.{act}"] = Subject(f"{act_zh}{zh}", f"{en} {act_en}", f"prose.{row}")
    return found


SUBJECTS: dict[str, Subject] = _subjects()


def meanings(subject: str, form: Form) -> tuple[Meaning, ...]:
    """The sums of cells that a subject may mean in a form, none where the form has no such cell."""
    named: Iterable[Meaning] | None = _MEANINGS.get(subject)
    if named is None:
        head, _, tail = subject.partition(".")
        named = _of_requests(tail, form) if head == "requests" else _of_proactive(subject)
    return tuple(m for m in named if all(cell in form.kinds for cell in m.cells))


def _total(row: str) -> str:
    return f"requests.{row}.total"


def _proceedings(row: str) -> str:
    return f"proceedings.{row}.total"


_NEW, _IN, _OUT = _total("new_received"), _total("carried_in"), _total("carried_out")
_RESULTS = _total("results_total")
_DIRECT, _AFTER = (
    _proceedings("litigation_direct"),
    _proceedings("litigation_after_reconsideration"),
)
_MEANINGS: dict[str, tuple[Meaning, ...]] = {
    "requests.received": (Meaning((_NEW,)), Meaning((_NEW, _IN))),
    "requests.accepted": (Meaning((_NEW,)), Meaning((_NEW, _IN)), Meaning((_RESULTS,))),
    "requests.carried_in": (Meaning((_IN,)),),
    "requests.carried_out": (Meaning((_OUT,)),),
    "reconsideration": (
        Meaning((_proceedings("reconsideration"),)),
        Meaning((_proceedings("reconsideration"),), ("proceedings.reconsideration.pending",)),
    ),
    "litigation": (Meaning((_DIRECT, _AFTER)),),
    "proceedings": (
        Meaning((_proceedings("reconsideration"), _DIRECT, _AFTER)),
        Meaning((_proceedings("reconsideration"),)),
        Meaning((_DIRECT, _AFTER)),
    ),
    "litigation.direct": (Meaning((_DIRECT,)),),
    "litigation.after_reconsideration": (Meaning((_AFTER,)),),
    "fees": (Meaning(("proactive.fees.amount",)),),
    "procurement": (Meaning(("proactive.procurement.items",)),),
    "procurement.amount": (Meaning(("proactive.procurement.amount",)),),
    "proactive.disclosed": (),
    "part": (),
}


def _of_requests(tail: str, form: Form) -> Iterable[Meaning]:
    rows = [row.id for row in form.table("requests").rows]

    def group(prefix: str) -> tuple[str, ...]:
        return tuple(_total(row) for row in rows if row.startswith(prefix))

    granted, partly = _total("granted"), _total("partially_granted")
    known: dict[str, tuple[Meaning, ...]] = {
        "granted": (Meaning((granted,)), Meaning((granted, partly))),
        "partially_granted": (Meaning((partly,)),),
        "denied": (Meaning(group("denied_")),),
        "unable": (Meaning(group("unable_")),),
        "unprocessed": (Meaning(group("unprocessed_")),),
        "other": (Meaning(group("other")),),
        "answered": (
            Meaning((_RESULTS,)),
            Meaning((_NEW,), (_OUT,)),
            Meaning((_RESULTS,), group("other")),
            Meaning((_RESULTS,), group("other") + group("unprocessed_")),
        ),
        "handled": (Meaning((_RESULTS,)), Meaning((_NEW,)), Meaning((_NEW, _IN))),
    }
    if tail in known:
        return known[tail]
    columns = ORGANISATIONS if tail == "organisations" else (tail,)
    new = tuple(f"requests.new_received.{column}" for column in columns)
    carried = tuple(f"requests.carried_in.{column}" for column in columns)
    found = [Meaning(new), Meaning(new + carried)]
    if tail == "business":  # 企业 stands for every organisation as often as not
        found += _of_requests("organisations", form)
    return found


def _of_proactive(subject: str) -> Iterable[Meaning]:
    row, _, what = subject.partition(".")
    cell = f"proactive.{row}"
    if row in _DOCUMENTS:
        columns = {
            "issued": ("issued", "made", "disclosed"),
            "disclosed": ("disclosed", "disclosed_total", "made", "issued", "in_force"),
            "repealed": ("repealed",),
            "in_force": ("in_force", "disclosed_total"),
        }[what]
        return [Meaning((f"{cell}.{column}",)) for column in columns]
    items = [
        Meaning((f"{cell}.previous_items", f"{cell}.change")),
        Meaning((f"{cell}.previous_items",)),
    ]
    decisions = Meaning((f"{cell}.decisions",))
    return [*items, decisions] if what == "items" else [decisions, *items]
