"""The parser of model answers: it finds the one object that is meant, or says why there is none."""

from __future__ import annotations

import json
import sys
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from extractor.models.answers import MOST_BYTES, parse
from extractor.readers.shapes import Marks, Pointers
from tests.each import each

GOOD = {"rows": [[1, 26, 3, 28]], "cells": [], "order": []}
OTHER = {"rows": [[1, 25, 3, 27]], "cells": [], "order": []}
TEXT = json.dumps(GOOD)
ANSWER = Pointers(rows=[[1, 26, 3, 28]], cells=[], order=[])


class Row(BaseModel):
    """A row with words in it: strings may hold whatever a parser looks for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    label: str
    figures: list[str]


class Copied(BaseModel):
    """Rows of words."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    rows: list[Row]


WRAPPINGS = {
    "plain": "{}",
    "byte order mark": "\ufeff{}",
    "blank lines": "\n\n  {}\n\n",
    "fence with language": "```json\n{}\n```",
    "fence without language": "```\n{}\n```",
    "fence on one line": "```{}```",
    "fence never closed": "```json\n{}",
    "fence in words": "Here is the table:\n\n```json\n{}\n```\nTell me if more is needed.",
    "words around": "结果如下：{} 以上。",
    "braces in the words around": "The set {{1, 2}} of rows: {} (see {{above}}).",
    "quotes in the words around": 'The "rows are 5" wide: {} "',
    "thinking": "<think>Row 1 is at mark 3.</think>\n{}",
    "thinking with braces": '<think>Say {{"by": "column"}} or {{"by": … </think>{}',
    "thinking with a draft": "<think>"
    + json.dumps(OTHER).replace("{", "{{").replace("}", "}}")
    + "</think>{}",
    "thinking in a longer tag": "<thinking>\nWell.\n</thinking>\n\n```json\n{}\n```",
    "thinking in capitals": "<THINK>Well.</THINK>{}",
    "thinking never begun": "Well, {{not this}}.\n</think>\n{}",
    "thinking never ended": "<think>It is {}",
    "thinking nested": "<think>One <think>two</think> three</think>{}",
    "thinking that names its tag": "<think>I must close <think> here.</think>{}",
    "thinking twice": "<think>One</think>\n<think>two</think>\n{}",
    "thinking that is empty": "<think>\n\n</think>\n\n{}",
    "a tag after the answer": "<think>One</think>{} </think>",
    "twice the same": "{}\n{}",
    "an object of another shape before": '{{"note": "a draft"}} {}',
    "an object of another shape after": '{} {{"done": true}}',
    "an object that is cut off before": '{{"by": "row", "rows": [[1\n\n{}',
    "an object that is cut off after": '{} {{"by": "row", "rows": [[1',
    "single quotes before": "{{'by': 'row'}} {}",
    "in a list": "[{}]",
}


def wrapped(name: str, text: str) -> str:
    """A text in one of the wrappings."""
    return WRAPPINGS[name].replace("{}", "\0").format().replace("\0", text)


@each("name", WRAPPINGS)
def test_the_object_comes_out_of_every_wrapping(name: str) -> None:
    assert parse(wrapped(name, TEXT), Pointers) == (ANSWER, None)


def test_blanks_in_a_string_stay_what_they_are() -> None:
    text = '{"rows": [{"label": "予以\u00a0公\u3000开", "figures": ["1"]}]}'
    answer, problem = parse(text, Copied)
    assert problem is None
    assert isinstance(answer, Copied)
    assert answer.rows[0].label == "予以\u00a0公\u3000开"


def test_a_tag_or_a_fence_in_a_string_is_part_of_it() -> None:
    label = "</think> ``` <think> { } [ \\"
    copied = {"rows": [{"label": label, "figures": ["0"]}]}
    for text in (json.dumps(copied), f"<think>Well</think>```json\n{json.dumps(copied)}\n```"):
        answer, problem = parse(text, Copied)
        assert problem is None
        assert answer == Copied.model_validate(copied)


def test_two_objects_that_differ_settle_nothing() -> None:
    assert parse(f"{TEXT} or rather {json.dumps(OTHER)}", Pointers) == (None, "not_json")
    assert parse(f"{json.dumps(OTHER)}\n{TEXT}", Pointers) == (None, "not_json")


def test_the_order_of_keys_is_no_difference() -> None:
    other = json.dumps(dict(reversed(GOOD.items())))
    assert parse(f"{TEXT}\n{other}", Pointers) == (ANSWER, None)


def test_drafts_in_thinking_that_never_ends_settle_nothing() -> None:
    text = f"<think>Maybe {json.dumps(OTHER)}, no: {TEXT}"
    assert parse(text, Pointers) == (None, "not_json")


@each(
    "text",
    [
        '{"rows": [], "rows": [[1,1,1,1]], "cells": [], "order": []}',
        '{"rows": [], "rows": [], "cells": [], "order": []}',
        '{"rows": [], "ro\\u0077s": [], "cells": [], "order": []}',
        '{"rows": [], "cells": [{"row": 1, "row": 2}], "order": []}',
        TEXT + ' {"note": 1, "note": 2}',
    ],
)
def test_a_key_that_stands_twice_is_no_answer(text: str) -> None:
    assert parse(text, Pointers) == (None, "not_json")


def test_a_key_that_stands_twice_in_thinking_is_thinking() -> None:
    assert parse('<think>{"a": 1, "a": 2}</think>' + TEXT, Pointers) == (ANSWER, None)


@each(
    "text",
    [
        "",
        " \n\t",
        "\ufeff",
        "\u00a0\u3000\u200b",
        "```json\n```",
        "```",
        "<think>Hm.</think>",
        f"<think>{TEXT}</think>\n\n",
        "<think>Hm.</think>\n```json\n\n```",
    ],
)
def test_nothing_is_empty(text: str) -> None:
    assert parse(text, Pointers) == (None, "empty")


@each(
    "text",
    [
        "null",
        "3",
        "[]",
        "{",
        "}",
        "yes",
        TEXT[:-1],
        TEXT[1:],
        "{'rows': []}",
        '{"rows": row}',
        TEXT[:-1] + ",}",
        TEXT.replace('"rows"', "rows"),
        TEXT.replace("26", "0x1a"),
        "<think>Hm.",
        '{"ro\nws": [], "cells": [], "order": []}',
    ],
)
def test_what_is_no_json_object_is_not_json(text: str) -> None:
    assert parse(text, Pointers) == (None, "not_json")


@each(
    "changed",
    [
        {"rows": "cell"},
        {"rows": None},
        {"rows": [[1, 26, 3]]},
        {"rows": [["1", 26, 3, 28]]},
        {"rows": [[1.0, 26, 3, 28]]},
        {"rows": [[True, 26, 3, 28]]},
        {"rows": [[-1, 26, 3, 28]]},
        {"rows": [[10**30, 26, 3, 28]]},
        {"rows": [[float("nan"), 26, 3, 28]]},
        {"rows": [[float("inf"), 26, 3, 28]]},
        {"rows": {}},
        {"rows": [[1, 2, 3, 4]] * 91},
        {"value": 26},
        {"cells": [["1", "x" * 25]]},
    ],
)
def test_another_shape_is_wrong(changed: dict[str, Any]) -> None:
    assert parse(json.dumps(GOOD | changed), Pointers) == (None, "wrong_shape")


def test_numbers_of_thousands_of_digits_are_a_wrong_shape() -> None:
    for digits in ("9" * 10_000, "1e" + "9" * 5000, "0." + "3" * 10_000):
        assert parse(TEXT.replace("26", digits), Pointers) == (None, "wrong_shape")


def test_a_lone_surrogate_is_a_wrong_shape() -> None:
    for spelled in ("\\ud800", "\ud800", "\\udc00\\ud800"):
        text = f'{{"rows": [{{"label": "{spelled}", "figures": []}}]}}'
        assert parse(text, Copied) == (None, "wrong_shape")


def test_an_answer_inside_another_object_is_a_wrong_shape() -> None:
    assert parse(f'{{"answer": {TEXT}}}', Pointers) == (None, "wrong_shape")


def test_the_schema_itself_is_a_wrong_shape() -> None:
    assert parse(json.dumps(Pointers.model_json_schema()), Pointers) == (None, "wrong_shape")


def test_too_many_bytes_are_too_long_however_few_the_characters() -> None:
    assert parse(TEXT + " " * MOST_BYTES, Pointers) == (None, "too_long")
    assert parse(TEXT + "字" * (MOST_BYTES // 3), Pointers) == (None, "too_long")
    assert parse(TEXT + " " * (MOST_BYTES - len(TEXT)), Pointers) == (ANSWER, None)


@each("depth", [5000, MOST_BYTES // 12])
@each(("opened", "closed"), [('{"a":', "}"), ("[", "]")])
def test_deep_nesting_is_not_json_and_no_recursion(depth: int, opened: str, closed: str) -> None:
    deep = '{"a":' + opened * depth + "0" + closed * depth + "}"
    assert parse(deep, Pointers) == (None, "not_json")
    assert parse(f"{deep} {TEXT}", Pointers) == (None, "not_json")


HOSTILE = {
    "openings": "{",
    "closings": "}",
    "objects": "{}",
    "openings of keys": '{"',
    "keys": '{"a":',
    "quotes": '"',
    "escapes": "\\",
    "escaped quotes": '{"\\"',
    "fences": "```",
    "tags": "<think>",
    "closing tags": "</think>",
    "both tags": "<think></think>",
    "tags and openings": "<think>{</think>",
    "blanks": " ",
    "blanks after openings": "{ ",
    "parts of tags": "< / think ",
    "lists of objects": '{"a":[',
    "strings of openings": '{"a":"{","b":"',
    "brackets that do not match": "{]",
    "answers": TEXT,
}


@each("name", HOSTILE)
def test_the_effort_for_a_hostile_text_grows_with_its_length_and_no_faster(name: str) -> None:
    # instructions of the interpreter are counted, not seconds: the count is the same on every machine
    unit = HOSTILE[name]
    efforts = []
    for length in (MOST_BYTES // 16, MOST_BYTES // 8):
        text = unit * (length // len(unit))
        efforts.append(_effort(text))
    assert efforts[1] <= 2.2 * efforts[0] + 1000


def _effort(text: str) -> int:
    """How many lines of the parser run for a text."""
    lines = 0

    def trace(frame: Any, event: str, _: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace if frame.f_code.co_filename.endswith("answers.py") else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(text, Pointers)
    finally:
        sys.settrace(before)
    return lines


@each("name", HOSTILE)
def test_a_hostile_text_is_no_answer_unless_it_holds_one(name: str) -> None:
    unit = HOSTILE[name]
    answer, problem = parse(unit * (MOST_BYTES // len(unit)), Pointers)
    if name == "answers":  # more than two thousand times the same is no answer either
        assert (answer, problem) == (None, "not_json")
    else:
        assert answer is None
        assert problem in {"not_json", "empty", "wrong_shape"}


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.text(alphabet='{}[]":,\\<>/think`0 \n\ufeff\ud800字'),
        st.lists(st.sampled_from([*HOSTILE.values(), TEXT, ":", ",", "1"])).map("".join),
    )
)
@example('{"\\')
@example("]}")
@example('{"a":]}')
def test_any_text_is_answered_without_an_exception(text: str) -> None:
    for shape in (Pointers, Marks):
        answer, problem = parse(text, shape)
        assert (answer is None) is (problem is not None)
        assert answer is None or type(answer) is shape


_LABEL = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from(list('{}[]"\\`<>/\u00a0'))
    ),
    max_size=40,
)
_COPIED = st.builds(
    lambda rows: {"rows": [{"label": label, "figures": figures} for label, figures in rows]},
    st.lists(
        st.tuples(_LABEL, st.lists(st.text("0123456789/-件", max_size=6), max_size=8)), max_size=6
    ),
)


@settings(max_examples=200, deadline=None)
@given(
    copied=_COPIED,
    name=st.sampled_from(sorted(WRAPPINGS)),
    indent=st.sampled_from([None, 0, 2]),
    escaped=st.booleans(),
)
def test_any_object_comes_out_of_any_wrapping_as_it_went_in(
    copied: dict[str, Any], name: str, indent: int | None, escaped: bool
) -> None:
    text = json.dumps(copied, indent=indent, ensure_ascii=escaped)
    assert parse(wrapped(name, text), Copied) == (Copied.model_validate(copied), None)
