"""Two stores side by side: matched by the hash of the bytes, the rest by path; memory stays flat.

What stands in each is first written to a private temporary database, so that each store is read in
one query and is seen as it was at one moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from extractor.across.board import Board, unpacked
from extractor.batch.records import Standing

if TYPE_CHECKING:
    from extractor.batch.store import Store

_SCRIPT = """\
-- reports that stand in a pair given out already
CREATE TABLE given (side INTEGER, sha256 TEXT, PRIMARY KEY (side, sha256)) WITHOUT ROWID;"""
_GIVE = "INSERT OR IGNORE INTO given VALUES (?, ?)"
_GIVEN = "SELECT 1 FROM given WHERE side = ? AND sha256 = ?"
_COLUMNS = (
    "{0}.sha256, {0}.maker, {0}.result, {0}.result_sha256, {0}.verdict, {0}.problem, {0}.message"
)
_BOTH = f"""\
SELECT {_COLUMNS.format("o")}, {_COLUMNS.format("n")}
FROM reports AS o JOIN reports AS n ON n.side = 1 AND n.sha256 = o.sha256
WHERE o.side = 0 ORDER BY o.sha256"""  # noqa: S608
# a path whose two texts do not both stand on both sides, or which one side cannot read
_MOVED = f"""\
SELECT DISTINCT {_COLUMNS.format("o")}, {_COLUMNS.format("n")}
FROM places AS po JOIN places AS pn ON pn.side = 1 AND pn.path = po.path
JOIN reports AS o ON o.side = 0 AND o.sha256 = po.sha256
JOIN reports AS n ON n.side = 1 AND n.sha256 = pn.sha256
WHERE po.side = 0 AND po.sha256 <> pn.sha256 AND (
  NOT EXISTS (SELECT 1 FROM reports WHERE side = 1 AND sha256 = po.sha256)
  OR NOT EXISTS (SELECT 1 FROM reports WHERE side = 0 AND sha256 = pn.sha256))
ORDER BY po.path"""  # noqa: S608
# a text of one side that no path of the other has: whether that could read one of its paths
_ALONE = f"""\
SELECT {_COLUMNS.format("r")},
  (SELECT json_array(there.problem, there.message) FROM places AS here
   JOIN places AS there ON there.side = ?2 AND there.path = here.path AND there.sha256 = ''
   WHERE here.side = ?1 AND here.sha256 = r.sha256 ORDER BY here.path LIMIT 1)
FROM reports AS r
WHERE r.side = ?1
  AND NOT EXISTS (SELECT 1 FROM reports WHERE side = ?2 AND sha256 = r.sha256)
  AND NOT EXISTS (
    SELECT 1 FROM places AS here
    JOIN places AS there ON there.side = ?2 AND there.path = here.path AND there.sha256 <> ''
    WHERE here.side = ?1 AND here.sha256 = r.sha256)
ORDER BY r.sha256"""  # noqa: S608
# paths that neither side could read, or one could not and the other has not, or has a text that
# stands elsewhere on this side
_UNREAD = f"""\
SELECT here.path, here.problem, here.message, there.problem, there.message, {_COLUMNS.format("r")}
FROM places AS here LEFT JOIN places AS there ON there.side = ?2 AND there.path = here.path
LEFT JOIN reports AS r ON r.side = ?2 AND r.sha256 = there.sha256
WHERE here.side = ?1 AND here.sha256 = ''
  AND (there.path IS NULL OR (?1 = 0 AND there.sha256 = '')
    OR (there.sha256 <> '' AND (
      EXISTS (SELECT 1 FROM reports WHERE side = ?1 AND sha256 = there.sha256)
      OR EXISTS (
        SELECT 1 FROM places AS t JOIN places AS h ON h.side = ?1 AND h.path = t.path AND h.sha256 <> ''
        WHERE t.side = ?2 AND t.sha256 = there.sha256))))
ORDER BY here.path"""  # noqa: S608
_PATHS = "SELECT path FROM places WHERE side = ? AND sha256 = ? ORDER BY path"
_OLD, _NEW = 0, 1


@dataclass(frozen=True, slots=True)
class At:
    """One side of a comparison: a store at the end of a run, None for now."""

    store: Store
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A report on both sides, or on one."""

    old: Standing | None  # as it was, None when it was not there
    new: Standing | None  # as it is, None when it is not there
    same_text: bool  # both sides have the same bytes
    old_again: bool = False  # the old report stood in a pair before this one
    new_again: bool = False  # the same of the new one

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is compared, sorted: of two texts only the paths at which one took the other's place."""
        sides = [set(side.paths) for side in (self.old, self.new) if side and side.paths]
        if not self.same_text and len(sides) == 2:
            return tuple(sorted(sides[0] & sides[1]))
        return tuple(sorted(set().union(*sides)))

    @property
    def paths(self) -> tuple[str, ...]:
        """Of both sides: first where it is compared, then the others, each sorted."""
        places = self.places
        rest = {p for side in (self.old, self.new) if side for p in side.paths}.difference(places)
        return (*places, *sorted(rest))


def pairs(
    old: At, new: At, wanted: Callable[[Sequence[str]], bool] = lambda _: True
) -> Iterator[Pair]:
    """Every report that stands on one of the two sides.

    Reports with the same bytes are one, whatever their paths. Of the rest, those that stand at the
    same path are one whose text changed: two that stood there are two pairs. So a report may stand
    in several pairs; all but the first say so.

    Args:
        old: One side.
        new: The other.
        wanted: Whether a pair with these paths is to be given out.
    """
    sides = (at.store.rows(run=at.run) for at in (old, new))
    with closing(Board(*sides, script=_SCRIPT)) as board:
        for pair in _pairs(board):
            if wanted(pair.places):
                both = ((_OLD, pair.old), (_NEW, pair.new))
                given = [(side, one.sha256) for side, one in both if one and one.sha256]
                again = [side for side, sha256 in given if _given(board, side, sha256)]
                board.put(_GIVE, given)
                yield replace(pair, old_again=_OLD in again, new_again=_NEW in again)


def _given(board: Board, side: int, sha256: str) -> bool:
    return any(True for _ in board.rows(_GIVEN, (side, sha256)))


def _pairs(board: Board) -> Iterator[Pair]:
    for query, same_text in ((_BOTH, True), (_MOVED, False)):
        for row in board.rows(query):
            yield Pair(
                _report(board, _OLD, row[:7]), _report(board, _NEW, row[7:]), same_text=same_text
            )
    for side, other in ((_OLD, _NEW), (_NEW, _OLD)):
        for here, there in _alone(board, side, other):
            old, new = (here, there) if side == _OLD else (there, here)
            yield Pair(old, new, same_text=False)


def _alone(board: Board, side: int, other: int) -> Iterator[tuple[Standing, Standing | None]]:
    """What one side alone has, each with why the other has not, where that is known."""
    for *row, failed in board.rows(_ALONE, (side, other)):
        there = None
        if failed is not None:
            problem, message = json.loads(failed)
            there = Standing("", problem=problem, message=message)
        yield _report(board, side, row), there
    for path, problem, message, problem_there, message_there, *row in board.rows(
        _UNREAD, (side, other)
    ):
        paths, there = (unpacked(path),), None
        if row[0] is not None:
            there = _report(board, other, row)
        elif problem_there is not None:
            there = Standing("", paths, problem=problem_there, message=message_there)
        yield Standing("", paths, problem=problem, message=message), there


def _report(board: Board, side: int, row: tuple[Any, ...] | list[Any]) -> Standing:
    sha256, maker, result, result_sha256, verdict, problem, message = row
    paths = tuple(unpacked(path) for (path,) in board.rows(_PATHS, (side, sha256)))
    return Standing(
        sha256, paths, maker, result, result_sha256, verdict, problem=problem, message=message
    )
