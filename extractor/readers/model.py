"""The language model reader: it asks where the rows stand, and reads nothing itself.

Each question is stateless and holds the printed tables as an excerpt with marks. When
the verifier does not trust what came of the answers, the model is asked again, at most twice, about the region
in doubt only, and told which rows and marks to look at, never a value.

Everything that asks is a generator: it yields a `Question` and is sent the `Reply`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extractor.models.exchange import Asker, Problem, Question, Reply, Spent, drive
from extractor.readers import pointers, whole
from extractor.readers.assemble import Told, assemble
from extractor.readers.doubts import Doubts, doubts_of
from extractor.readers.excerpt import Excerpt, cut
from extractor.readers.fence import fenced
from extractor.readers.pointers import Pointing
from extractor.readers.shapes import Marks, Names, Pointers
from extractor.readers.votes import agreed
from prompts import Prompt, load
from verify.forms import TableId
from verify.layout import Layout
from verify.reading import Reading
from verify.reports import report_zones
from verify.verdict import Verified
from verify.zones import Zone

NAME = "model"
MOST_AGAIN = 2
"""How often a model is asked again about one report."""
_ROOM = 300
_ROOM_A_MARK = 30
_MOST_ROOM = 4000
_NO_ROOM = ("truncated", "too_long")
_MOST_TEXT = 60_000  # characters of no table of these forms; more is not sent
_LONGEST = 20_000  # characters of one excerpt; longer ones are asked about table by table


@dataclass(frozen=True, slots=True)
class Trouble:
    """An answer that could not be used, or a prompt that did not arrive whole.

    Attributes:
        table: Which table was asked about.
        problem: Why, or ``clipped``, or ``spent`` where a cap kept it from being asked.
    """

    table: str
    problem: Problem | str


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model told of one report so far.

    Attributes:
        told: For each printed copy that was asked about.
        troubles: What could not be used, and was not mended by asking again.
        cap: The cap on requests or cost that was reached, or empty.
    """

    told: tuple[Told, ...]
    troubles: tuple[Trouble, ...] = ()
    cap: str = ""


_T = TypeVar("_T")
Asking = Generator[Question, Reply, _T]
Stands = Callable[[Reading], bool]
"""Whether a reading is worth a question about its names."""


class Interview:
    """What one model is asked about reports, with one prompt. Without ``ask`` it can be pickled.

    Args:
        prompt: What the model is told.
        votes: How many samples are asked for; a row on which no majority agrees is in doubt.
        ask: Asks the model, where there is no other who does.
    """

    def __init__(self, prompt: Prompt, votes: int = 1, ask: Asker | None = None) -> None:
        self.prompt = prompt
        self.votes = votes
        self.ask = ask

    def first(self, layout: Layout) -> Answers:
        """Ask about every printed copy of every table, and have it answered."""
        assert self.ask is not None
        return drive(self.asking(layout), self.ask)

    def asking(self, layout: Layout) -> Asking[Answers]:
        """Ask about every printed copy of every table."""
        return (yield from self._gather(self._rounds(layout)))

    def questions(self, layout: Layout) -> list[Question]:
        """The questions that `asking` asks first, one sample of each."""
        return [question for _, question in self._rounds(layout)]

    def asking_again(
        self, layout: Layout, answers: Answers, verified: Verified, number: int = 1
    ) -> Asking[Answers | None]:
        """Ask again about what is in doubt, or, where nothing usable was answered, anew.

        Args:
            layout: The report.
            answers: What was told so far.
            verified: What the verifier says of it.
            number: Of the round, from 1.

        Returns:
            What is told now, or None when there is nothing to ask.
        """
        if answers.cap:
            return None
        told: dict[int, Told] = dict(enumerate(answers.told))
        asked: list[Answers] = []
        for excerpt in dict.fromkeys(one.excerpt for one in answers.told):
            doubtful = {
                at: doubts
                for at, one in told.items()
                if one.excerpt is excerpt
                and one.pointing is not None
                and (doubts := doubts_of(layout, one, verified))
            }
            if doubtful:
                now = yield from self._look_again(layout, excerpt, told, doubtful)
                asked.append(now)
            nothing = [
                at for at, one in told.items() if one.excerpt is excerpt and not one.pointing
            ]
            if nothing and not (_lacked_room(answers) and (number > 1 or len(nothing) == 1)):
                now = yield from self._ask_anew(layout, excerpt, answers, number)
                told |= zip(nothing, now.told, strict=True)
                asked.append(now)
        cap = next((now.cap for now in asked if now.cap), "")
        usable = {one.part.zone.table for one in told.values() if one.pointing is not None}
        troubles = [t for t in answers.troubles if t.problem == "clipped" or t.table not in usable]
        troubles += [trouble for now in asked for trouble in now.troubles]
        if not asked:
            return None
        return Answers(tuple(told.values()), tuple(dict.fromkeys(troubles)), cap)

    def asking_whole(
        self, layout: Layout, base: Reading, tables: Sequence[TableId], stands: Stands
    ) -> Asking[Reading | None]:
        """Show whole sections with a mark on every figure, and ask apart what the words of the rows name.

        Args:
            layout: The report.
            base: As its other tables were read.
            tables: Of which the sections are shown.
            stands: Whether names are asked about at all.

        Returns:
            A reading in which a model named rows, or None when the two answers do not agree, or nothing
            usable was answered.
        """
        shown = whole.show(layout, tables)
        if len(shown.text) > _MOST_TEXT:
            return None
        reply = yield self._further("whole-zh", shown.text, Marks, shown.tables)
        if not isinstance(reply.answer, Marks) or reply.clipped:
            return None
        reading = whole.reading_of(layout, base, shown, reply.answer)
        return (yield from self._names(layout, reading, shown.tables, stands))

    def asking_names(
        self, layout: Layout, reading: Reading, tables: Sequence[TableId], stands: Stands
    ) -> Asking[Reading | None]:
        """Where every row was pointed at and code cannot name some: ask apart what their words name.

        What is given and returned is as for `asking_whole`; ``reading`` is what was pointed at.
        """
        named = whole.named(layout, reading, tables)
        if named is None:
            return None
        return (yield from self._names(layout, named, tables, stands))

    def _names(
        self, layout: Layout, reading: Reading, tables: Sequence[TableId], stands: Stands
    ) -> Asking[Reading | None]:
        words = whole.words_of(layout, reading)
        if words is None or not stands(reading):
            return None
        if not words:
            return reading
        listed = "\n".join(f"{number} {text}" for number, (text, _) in words.items())
        reply = yield self._further("names-zh", listed, Names, tables)
        if not isinstance(reply.answer, Names) or not whole.agrees(words, reply.answer):
            return None
        return reading

    def _further(
        self, id: str, text: str, shape: type[Marks | Names], tables: Sequence[TableId]
    ) -> Question:
        prompt = load(id)
        return Question(
            prompt_id=prompt.name,
            prompt_sha256=prompt.sha256,
            system=prompt.system_for(whole.sheets_of(tables), irregular=True),
            user="\n".join((prompt.parts["excerpt"], fenced(text))),
            shape=shape,
            room=_MOST_ROOM,
            about=", ".join(tables) + (" whole" if shape is Marks else " names"),
        )

    def reading(self, layout: Layout, answers: Answers) -> Reading:
        """The reading that follows from what was told."""
        return assemble(layout, answers.told, NAME)

    # -- one round of questions

    def _rounds(self, layout: Layout) -> list[tuple[Excerpt, Question]]:
        """All tables in one question, or each in its own where that would be too long."""
        zones = asked_zones(layout)
        excerpts = [cut(layout, zones)] if zones else []
        if any(len(excerpt.text) > _LONGEST for excerpt in excerpts):
            excerpts = [cut(layout, [zone]) for zone in zones]
        return [(excerpt, self._question(excerpt)) for excerpt in excerpts]

    def _gather(self, questions: Sequence[tuple[Excerpt, Question]]) -> Asking[Answers]:
        told: list[Told] = []
        troubles: list[Trouble] = []
        cap = ""
        for excerpt, question in questions:
            samples: list[list[Pointing]] = []
            problem: Problem | None = None
            too_much = len(question.user) > _MOST_TEXT
            for sample in range(0 if cap or too_much else self.votes):
                try:
                    reply = yield replace(question, sample=question.sample + sample)
                except Spent as spent:
                    cap = str(spent)
                    break
                if reply.clipped:
                    troubles += _of_all(excerpt, "clipped")
                pointings = _decoded(reply, excerpt)
                if pointings is not None:
                    samples.append(pointings)
                problem = problem or reply.problem
            if not samples:
                troubles += _of_all(excerpt, "too_much_text" if too_much else problem or "spent")
            told += [
                agreed(excerpt, part, [sample[at] for sample in samples], self.votes)
                for at, part in enumerate(excerpt.parts)
            ]
        return Answers(tuple(told), tuple(dict.fromkeys(troubles)), cap)

    def _ask_anew(
        self, layout: Layout, excerpt: Excerpt, answers: Answers, number: int
    ) -> Asking[Answers]:
        """Ask once more for an answer that can be used; where there was no room, table by table.

        A table alone has all the room that it needs, and is asked for again with more of it.
        """
        zones = [part.zone for part in excerpt.parts]
        alone = [cut(layout, [zone]) for zone in zones] if _lacked_room(answers) else [excerpt]
        questions = [(shown, self._question(shown, unusable=number)) for shown in alone]
        return (yield from self._gather(questions))

    def _look_again(
        self, layout: Layout, excerpt: Excerpt, told: dict[int, Told], doubtful: dict[int, Doubts]
    ) -> Asking[Answers]:
        """Ask about the regions in doubt and put what is said of them in place of what was said."""
        region: set[int] = set()
        everything = Doubts()
        for at, doubts in doubtful.items():
            marks = told[at].part.marks
            near = doubts.region(marks)
            region |= near if near and 2 * len(near) <= len(marks) else set(marks)
            everything.rows |= doubts.rows
            everything.marks |= doubts.marks
        shown = cut(layout, [part.zone for part in excerpt.parts], only=region)
        question = self._question(shown, doubts=everything)
        answers = yield from self._gather([(shown, question)])
        retold = {id(one.zone): one for one in answers.told}
        for at, doubts in doubtful.items():
            one = told[at]
            now = retold[id(one.zone)]
            if one.pointing is None or now.pointing is None:
                return replace(answers, troubles=())  # what was told before still stands
            told[at] = replace(
                one,
                pointing=_merged(one.pointing, now.pointing, doubts),
                disputed=one.disputed - doubts.rows | now.disputed,
            )
        return answers

    def _question(
        self, excerpt: Excerpt, *, unusable: int = 0, doubts: Doubts | None = None
    ) -> Question:
        parts = self.prompt.parts
        irregular = excerpt.irregular or unusable > 0
        tables = dict.fromkeys(sheet.partition("_")[0] for sheet in excerpt.sheets)
        lines = [parts["unusable"]] if unusable else []
        if doubts is not None:
            lines.append(parts["again"])
            for name, numbers in (("again_rows", doubts.rows), ("again_marks", doubts.marks)):
                if numbers and parts[name]:
                    lines.append(parts[name] + _listed(numbers))
        lines += [parts["excerpt"], fenced(excerpt.text)]
        room = _ROOM + _ROOM_A_MARK * len(excerpt.candidates)
        several = len(excerpt.parts) > 1
        return Question(
            prompt_id=self.prompt.name,
            prompt_sha256=self.prompt.sha256,
            system=self.prompt.system_for(excerpt.sheets, irregular=irregular),
            user="\n".join(lines),
            shape=Pointers,
            room=min(room, _MOST_ROOM),
            about=", ".join(tables) + (" again" if unusable or doubts else ""),
            # the same question would get the same answer
            sample=self.votes * unusable,
            grows=not several,  # several tables are asked about one by one, where there was no room
        )


def asked_zones(layout: Layout) -> list[Zone]:
    """The printed copies that belong to the report; none when nothing tells two reports apart."""
    told = report_zones(layout)
    return told[0] if told is not None else []


def _decoded(reply: Reply, excerpt: Excerpt) -> list[Pointing] | None:
    if isinstance(reply.answer, Pointers):
        return pointers.decode(reply.answer, excerpt)
    return None


def _lacked_room(answers: Answers) -> bool:
    return any(trouble.problem in _NO_ROOM for trouble in answers.troubles)


def _of_all(excerpt: Excerpt, problem: Problem | str) -> list[Trouble]:
    tables = dict.fromkeys(part.zone.table for part in excerpt.parts)
    return [Trouble(table, problem) for table in tables]


def _listed(numbers: set[int]) -> str:
    return "、".join(map(str, sorted(numbers)))


def _merged(before: Pointing, now: Pointing, doubts: Doubts) -> Pointing:
    """Rows in doubt as they are told now, the others as before; no mark is used twice."""
    rows = {row: mark for row, mark in before.rows.items() if row not in doubts.rows}
    taken = set(rows.values())
    told = {
        row: mark
        for row, mark in now.rows.items()
        if row not in rows and mark not in taken and (row in doubts.rows or mark in doubts.marks)
    }
    asked = doubts.rows | told.keys()
    return Pointing(
        rows=rows | told,
        cells={row: cells for row, cells in before.cells.items() if row not in doubts.rows}
        | {row: cells for row, cells in now.cells.items() if row in asked},
        bare={row for row in before.bare if row not in doubts.rows}
        | {row for row in now.bare if row in doubts.rows},
        columns=dict(now.columns or before.columns),
        order=now.order or before.order,
    )
