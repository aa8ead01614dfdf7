"""Two stores side by side: matched by the hash of the bytes, the rest by path; memory stays flat.

What stands in each is first written to a private temporary database, so that each store is read in
one query and is seen as it was at one moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
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
    """A report on both sides, or on one.

    Attributes:
        old: As it was, None when it was not there.
        new: As it is, None when it is not there.
        same_text: Both sides have the same bytes.
        old_again: The old report stood in a pair before this one.
        new_again: The same of the new one.
    """

    old: Standing | None
    new: Standing | None
    same_text: bool
    old_again: bool = False
    new_again: bool = False

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
        for row in board.rows(_BOTH):
            pair = Pair(
                _report(board, _OLD, row[:7]), _report(board, _NEW, row[7:]), same_text=True
            )
            if wanted(pair.places):
                board.put(_GIVE, [(_OLD, row[0]), (_NEW, row[7])])
                yield pair
        for row in board.rows(_MOVED):
            pair = Pair(
                _report(board, _OLD, row[:7]),
                _report(board, _NEW, row[7:]),
                same_text=False,
                old_again=_given(board, _OLD, row[0]),
                new_again=_given(board, _NEW, row[7]),
            )
            if wanted(pair.places):
                board.put(_GIVE, [(_OLD, row[0]), (_NEW, row[7])])
                yield pair
        for pair in _alone(board):
            if wanted(pair.places):
                both = ((_OLD, pair.old), (_NEW, pair.new))
                board.put(_GIVE, [(side, one.sha256) for side, one in both if one is not None])
                yield pair


def _given(board: Board, side: int, sha256: str) -> bool:
    return any(True for _ in board.rows(_GIVEN, (side, sha256)))


def _alone(board: Board) -> Iterator[Pair]:
    for side, other in ((_OLD, _NEW), (_NEW, _OLD)):
        for *row, failed in board.rows(_ALONE, (side, other)):
            report = _report(board, side, row)
            there = None
            if failed is not None:
                problem, message = json.loads(failed)
                there = Standing("", problem=problem, message=message)
            both = (report, there) if side == _OLD else (there, report)
            yield Pair(both[0], both[1], same_text=False)
        for path, problem, message, problem_there, message_there, *row in board.rows(
            _UNREAD, (side, other)
        ):
            paths = (unpacked(path),)
            here = Standing("", paths, problem=problem, message=message)
            there, again = None, False
            if row[0] is not None:
                there, again = _report(board, other, row), _given(board, other, row[0])
            elif problem_there is not None:
                there = Standing("", paths, problem=problem_there, message=message_there)
            if side == _OLD:
                yield Pair(here, there, same_text=False, new_again=again)
            else:
                yield Pair(there, here, same_text=False, old_again=again)


def _report(board: Board, side: int, row: tuple[Any, ...] | list[Any]) -> Standing:
    sha256, maker, result, result_sha256, verdict, problem, message = row
    paths = tuple(unpacked(path) for (path,) in board.rows(_PATHS, (side, sha256)))
    return Standing(
        sha256, paths, maker, result, result_sha256, verdict, problem=problem, message=message
    )
