"""Where decisions are made: written down first, then the reports that they are on are judged again.

A decision is in the store before anything else happens; what a crash leaves to be judged is found again at the
next start. The id of a decision is that of the form it was made on, so the same form sent twice is one decision.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from extractor import __version__
from extractor.batch.decided import Decided
from extractor.batch.plan import same_contract
from extractor.batch.readers import code_judge
from extractor.batch.records import Known, Made, Maker
from extractor.batch.store import Store
from extractor.batch.store.items import Item
from extractor.batch.unit import Job, Settings, process_job
from extractor.errors import UsageError
from extractor.review import words
from extractor.review.cases import Case
from extractor.review.originals import Originals
from extractor.review.queue import Queue
from verify.cells import CellPlace, CellValue
from verify.decisions import DECIDING, SETTLING, Decision, Scope, can_enter, figure_of, opinions
from verify.figures import read_figure
from verify.forms import every_form
from verify.schema import Cell, Result

PRINTED_WRONG = ("identity_failed", "negative_count", "copies_differ")
"""What can be as it is printed: the report's own fault."""
_AT_ONCE = 20
_MOST_MARKED = 60  # characters that show one figure


class RefusedError(UsageError):
    """A decision that cannot be made; the message is the name of one of the catalogue."""


class Desk:
    """Takes decisions.

    Args:
        store: Open for writing.
        originals: Finds sources.
        lexicon: The file for labels that are confirmed wherever they stand.

    Attributes:
        queue: All cases.
        decided: All decisions.
        pending: How many reports are still to be judged again.
    """

    def __init__(self, store: Store, originals: Originals, lexicon: str | None = None) -> None:
        self.store = store
        self.originals = originals
        self.lexicon = lexicon
        self.decided = Decided(store.decisions())
        self.queue = Queue(store, self.decided)
        self.on_decision: Callable[[list[Decision]], None] = lambda _rows: None
        self._run = 0
        self._judge = code_judge()
        self._settings = Settings()
        self._lock = threading.RLock()
        self._later: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.pending = 0

    def start(self) -> int:
        """Begin; returns how many reports wait to be judged again, which is done in the background."""
        waiting = self.queue.waiting()
        self._thread.start()
        self._put_off(waiting)
        return len(waiting)

    def stop(self) -> None:
        """Judge what is left and end."""
        self._later.put(None)
        if self._thread.is_alive():
            self._thread.join()
        run, self._run = self._run, 0
        if run:
            self.store.end_run(run, "finished")

    # --- deciding

    def decide(
        self, who: str, sha256: str, key: str, form: Mapping[str, str], *, administer: bool = False
    ) -> list[Decision]:
        """Take a decision on an item; the same form once more changes nothing.

        Raises:
            RefusedError: It cannot be made so.
        """
        with self._lock:
            seen = self.decided.by_id.get(form.get("id", ""))
            if seen is not None:
                if seen.who != who or seen.source != sha256 or seen.kind != form.get("kind"):
                    raise RefusedError("other_form")
                return []
            case = self.queue.case(sha256)
            if case is None:
                raise RefusedError("no_report")
            if form.get("kind") == "undo":
                rows = [self._undo(who, case, form, administer=administer)]
            else:
                item = case.item(key)
                if item is None:
                    raise RefusedError("gone")
                rows = self._rows(who, case, item, form)
            self._take(rows)
            return rows

    def _rows(self, who: str, case: Case, item: Item, form: Mapping[str, str]) -> list[Decision]:
        kind, why = form.get("kind", ""), form.get("why", "").strip()
        base = Decision(_id(form), who, now(), "note", case.sha256, why=why)
        if kind == "enter":
            return [self._enter(base, case, item, form)]
        if kind not in (*DECIDING, "hand_on", "note"):
            raise RefusedError("no_kind")
        if kind in ("dismiss", "note") and not why:
            raise RefusedError("no_reason")
        scope: Scope = "words" if form.get("scope") == "words" else "place"
        if (kind in ("harmless", "label") or scope == "words") and not item.settles:
            raise RefusedError("not_settled_so")
        if scope == "words" and (kind not in SETTLING or not item.first.text):
            raise RefusedError("not_settled_so")
        if kind == "as_printed" and item.first.code not in PRINTED_WRONG:
            raise RefusedError("not_settled_so")
        to = form.get("to", "").strip() if kind == "hand_on" else None
        if to == "":
            raise RefusedError("no_one")
        base = replace(base, kind=kind, scope=scope, to=to)
        return [
            replace(
                base,
                id=base.id if not number else _further(base.id, number),
                code=one.code,
                rule=one.rule,
                cells=one.cells,
                span=one.span,
                text=one.text,
            )
            for number, one in enumerate(item.findings)
        ]

    def _enter(self, base: Decision, case: Case, item: Item, form: Mapping[str, str]) -> Decision:
        """An entered figure: of a cell that could not be read, with the place where the source shows it."""
        name, value = form.get("cell", ""), form.get("value", "").strip()
        result = Result.model_validate_json(self.store.result_json(case.result))
        cell = result.cells.get(name)
        if cell is None or name not in item.cells:
            raise RefusedError("no_cell")
        was = was_read(cell)
        place = was.place
        if not can_enter(was) and cell.state != "entered":
            raise RefusedError("is_read")
        span, box = _span(form), _box(form)
        text = None
        source = self.originals.source(case)
        if span is None and box is None and cell.span is not None:
            span = cell.span
        if span is not None:
            if source is None:
                raise RefusedError("no_original")
            text = source.text[slice(*span)]
            if not text.strip() or any(end in text for end in "\r\n"):
                raise RefusedError("no_place")
        elif box is None:
            raise RefusedError("no_place")
        row = replace(
            base, kind="enter", cells=(name,), span=span, text=text, place=box or place, value=value
        )
        kind = next(form.kinds[name] for form in every_form() if name in form.kinds)
        figure = figure_of(row, kind)
        if figure is None:
            raise RefusedError("no_figure")
        there = read_figure(text, kind) if text else None
        on_page = box is not None or (place is not None and place.page is not None)
        if there is not None and there.value != figure and not on_page:
            raise RefusedError("other_figure")
        for other, one in result.cells.items():
            used = one.span if one.state in ("read", "entered") and other != name else None
            if span and used and used[0] < span[1] and span[0] < used[1]:
                raise RefusedError("used")
        return row

    def _undo(self, who: str, case: Case, form: Mapping[str, str], *, administer: bool) -> Decision:
        undone = self.decided.by_id.get(form.get("undoes", ""))
        if undone is None or undone.kind == "undo":
            raise RefusedError("gone")
        if undone.who != who and not administer:
            raise RefusedError("of_another")
        why = form.get("why", "").strip()
        return Decision(_id(form), who, now(), "undo", case.sha256, undoes=undone.id, why=why)

    def _take(self, rows: list[Decision]) -> None:
        """Write decisions down, then judge: their own report now, others soon."""
        from verify.schema_parts import Decision as Row

        try:
            for one in rows:
                Row.row(one)
        except ValueError:
            raise RefusedError("not_settled_so") from None
        if self.lexicon is not None:
            try:
                words.keep(self.lexicon, rows, self.decided.by_id)
            except UsageError:
                raise RefusedError("no_label") from None
        self.store.add_decisions(rows)
        self.taken(rows)

    def import_(self, rows: list[Decision]) -> tuple[int, int, int]:
        """Take decisions of another store, all or none.

        Raises:
            GoujiError: As for `extractor.decisions.take`.
        """
        from extractor.decisions import take

        with self._lock:
            counted = take(self.store, rows)
            self.taken([one for one in rows if one.id not in self.decided.by_id])
            return counted

    def taken(self, rows: list[Decision]) -> None:
        """Decisions are in the store: the queue follows, and reports are judged."""
        self.on_decision(rows)
        new = {one.id for one in rows}
        for number, one in self.store.decisions(after=self.decided.last):
            if one.id in new or one.id not in self.decided.by_id:
                self.decided.add(number, one)
        now_judged: dict[str, None] = {}
        soon: set[str] = set()
        for one in rows:
            target = self.decided.by_id.get(one.undoes or "", one)
            if target.scope == "words":
                soon |= self.queue.of_words(target.about, target.id)
            if target.source in self.queue.by_sha:
                now_judged[target.source] = None
        self._again(list(now_judged))
        self._put_off(sorted(soon - now_judged.keys()))

    # --- judging again

    def _put_off(self, reports: list[str]) -> None:
        self.pending += len(reports)
        for at in range(0, len(reports), _AT_ONCE):
            self._later.put(reports[at : at + _AT_ONCE])

    def _work(self) -> None:
        while (some := self._later.get()) is not None:
            with self._lock:
                self._again(some)
                self.pending -= len(some)

    def _again(self, reports: list[str]) -> None:
        """Judge reports with the decisions on them, in one transaction."""
        made = [(sha256, self._judged(sha256)) for sha256 in reports]
        last = self.decided.last
        with self.store.transaction():
            for _, judged in made:
                if judged is None:
                    continue
                known, maker, job = judged
                if not self._run:
                    self._run = self.store.begin_run({"command": "review"}, __version__)
                self.store.add_attempt(
                    self._run,
                    known.source,
                    self.store.maker_id(maker),
                    job,
                    reading=known.reading,
                    result=known.result if job.same else None,
                    decided=last,
                )
        for sha256, judged in made:
            if judged is None:
                self.queue.touched(sha256)
                continue
            job = judged[-1]
            new = self.store.known(sha256)
            assert new is not None, "it was there"
            assert new.verdict is not None, "it has a result"
            assert new.result is not None, "the same"
            text = None if job.result is None else job.result.json
            self.queue.judged(sha256, new.verdict, new.result, text, last)

    def _judged(self, sha256: str) -> tuple[Known, Maker, Made] | None:
        """What is known of a report, who judges it now, and what that gave; None where it cannot be done."""
        known = self.store.known(sha256)
        if known is None or known.reading is None or known.maker is None or known.result is None:
            return None
        today = replace(known.maker, code_judge=self._judge, version=__version__)
        same = known.result_sha256 if same_contract(known.maker, today) else None
        reading = self.store.reading(known.reading)
        job = Job(0, None, "-", "judged", reading, same, sha256, self.decided.of(sha256))
        read_with = dict(known.maker.options).get("lexicon")
        made = process_job(job, replace(self._settings, read_with=read_with))
        return None if made.problem is not None else (known, today, made)

    # --- people

    def agreement(self) -> tuple[int, int]:
        """Of what several people decided, on how much they agree; and how much that is."""
        rows = self.decided.by_id.values()
        several = [one for one in opinions(rows).values() if len(one.latest) > 1]
        return sum(not one.differ for one in several), len(several)

    def counts(self) -> Counter[str]:
        """How many decisions each person made."""
        return Counter(one.who for one in self.decided.by_id.values())


def was_read(cell: Cell) -> CellValue:
    """What of a cell says whether a figure may be entered."""
    return CellValue(None, cell.state, cell.text, cell.span, place=cell.place)


def now() -> str:
    """This moment, as decisions have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _id(form: Mapping[str, str]) -> str:
    id = form.get("id", "")
    if len(id) != 32 or not set(id) <= set("0123456789abcdef"):
        raise RefusedError("other_form")
    return id


def _further(id: str, number: int) -> str:
    return hashlib.sha256(f"{id} {number}".encode()).hexdigest()[:32]


def _span(form: Mapping[str, str]) -> tuple[int, int] | None:
    start, end = form.get("start", "").strip(), form.get("end", "").strip()
    if not start and not end:
        return None
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        raise RefusedError("no_place")
    if not 0 <= int(start) < int(end) <= int(start) + _MOST_MARKED:
        raise RefusedError("no_place")
    return int(start), int(end)


def _box(form: Mapping[str, str]) -> CellPlace | None:
    page, box = form.get("page", "").strip(), form.get("box", "").strip()
    if not page and not box:
        return None
    try:
        x0, y0, x1, y1 = (round(float(one), 1) for one in box.split(","))
        number = int(page)
    except ValueError:
        raise RefusedError("no_place") from None
    if not (0 <= x0 < x1 <= 20_000 and 0 <= y0 < y1 <= 20_000 and 1 <= number <= 5000):
        raise RefusedError("no_place")
    return CellPlace(page=number, box=(x0, y0, x1, y1))
