"""How the shape of an answer is asked for, and what a service teaches by refusing.

Strict ``json_schema`` where it is taken, ``json_object`` or plain text where not; ``tools`` only when asked
for. What a service refused once with a 400 is not sent to it again: a `Habit` for each service and model.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from extractor.models.retry import Failure, Kind, speaks

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.models.settings import Settings

Asked = Literal["json_schema", "json_object", "text", "tools"]
Limit = Literal["max_tokens", "max_completion_tokens"]
MOST_LESSONS = 6
_BOUNDS = {
    *("maxLength", "minLength", "maxItems", "minItems", "uniqueItems", "pattern", "format"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_WORDS = frozenset({"title", "description", "default", "examples"})
_INSTRUCTION = (
    "只输出一个 JSON 对象：不要解释，不要代码围栏，第一个字符是左花括号。"
    "它必须符合下面的 JSON Schema：\n"
)


@dataclass(frozen=True, slots=True)
class Habit:
    """What a service takes for a model.

    Attributes:
        mode: How the shape is asked for.
        bounds: Whether the schema may bound lengths and numbers.
        guidance: Whether the schema says, for servers that make a grammar of it, to write no blanks.
        limit: Name of the parameter for the most tokens of an answer.
        temperature: Whether a temperature may be given.
        thinking: Whether the service may think as it likes; else ``enable_thinking`` is sent as false.
    """

    mode: Asked
    bounds: bool = True
    guidance: bool = False
    limit: Limit = "max_tokens"
    temperature: bool = True
    thinking: bool = True


def first_habit(settings: Settings) -> Habit:
    """What to try first at a service of which nothing is known.

    OpenAI's own models take ``max_completion_tokens``, everybody else's ``max_tokens``. Servers on this
    machine are the ones that make grammars.
    """
    return Habit(
        mode="json_schema" if settings.mode == "auto" else settings.mode,
        guidance=settings.local,
        limit="max_completion_tokens" if settings.official else "max_tokens",
    )


# --- what a refusal teaches -------------------------------------------------------------------------


def taught(
    habit: Habit, failure: Failure, *, auto: bool, tried: Collection[Habit] = ()
) -> Habit | None:
    """What to send instead after a refusal, or None when the refusal teaches nothing.

    Parameters are told by their names. The mode goes down when the refusal speaks of it, and in ``auto``
    also when a 400 gives no other reason: services word it as they like, and a request that was refused
    costs nothing.

    Args:
        habit: What was sent.
        failure: What came of it.
        auto: Whether the mode may change.
        tried: What was refused before, and is not sent again.
    """
    return next((one for one in _lessons(habit, failure, auto=auto) if one not in tried), None)


def _lessons(habit: Habit, failure: Failure, *, auto: bool) -> Iterator[Habit]:
    said = failure.detail.lower()
    refused = failure.kind is Kind.BAD_REQUEST
    if refused and speaks("parameter_refused", said):
        if "max_completion_tokens" in said:
            other: Limit = "max_tokens" if habit.limit != "max_tokens" else "max_completion_tokens"
            yield replace(habit, limit=other)
        if "temperature" in said:
            yield replace(habit, temperature=False)
    if refused and "enable_thinking" in said:
        yield replace(habit, thinking=False)
    of_format = failure.kind in {Kind.BAD_REQUEST, Kind.NOT_FOUND} and speaks("of_format", said)
    enforced = habit.mode in {"json_schema", "tools"}
    if enforced and (of_format or refused) and speaks("of_bounds", said):
        yield replace(habit, guidance=False)
        yield replace(habit, guidance=False, bounds=False)
    if auto and (of_format or (refused and not speaks("of_something_else", said))):
        if habit.mode == "json_schema":
            yield replace(habit, guidance=False)
            yield replace(habit, mode="json_object")
        elif habit.mode == "json_object":
            yield replace(habit, mode="text")


# --- the request ------------------------------------------------------------------------------------


def messages(habit: Habit, system: str, user: str, shape: type[BaseModel]) -> list[dict[str, str]]:
    """System and user message; where no schema is enforced it stands at the end of the system message.

    The word JSON is in it: DeepSeek and Qwen refuse ``json_object`` without.
    """
    if habit.mode in {"json_object", "text"}:
        system = f"{system.rstrip()}\n\n{_INSTRUCTION}{_compact(schema(habit, shape))}"
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def parameters(
    habit: Habit, shape: type[BaseModel], *, room: int, temperature: float
) -> dict[str, Any]:
    """All of the request's body but model and messages."""
    body: dict[str, Any] = {habit.limit: room}
    if habit.temperature:
        body["temperature"] = temperature
    if not habit.thinking:
        body["enable_thinking"] = False
    if habit.mode == "json_object":
        body["response_format"] = {"type": "json_object"}
    elif habit.mode == "json_schema":
        described = {"name": shape.__name__, "strict": True, "schema": schema(habit, shape)}
        body["response_format"] = {"type": "json_schema", "json_schema": described}
    elif habit.mode == "tools":
        name = shape.__name__
        function = {"name": name, "strict": True, "parameters": schema(habit, shape)}
        body["tools"] = [{"type": "function", "function": function}]
        body["tool_choice"] = {"type": "function", "function": {"name": name}}
    return body


def schema(habit: Habit, shape: type[BaseModel]) -> dict[str, Any]:
    """The schema of an answer: every property required, none further, no prose in it.

    Without prose because the prompt says what the parts mean, and every request would pay for it again.
    """
    made: dict[str, Any] = json.loads(_schema_text(shape, bounds=habit.bounds))
    if habit.guidance and habit.mode == "json_schema":
        made["x-guidance"] = {"whitespace_flexible": False}
    return made


@lru_cache(maxsize=32)
def _schema_text(shape: type[BaseModel], *, bounds: bool) -> str:
    return _compact(_strict(shape.model_json_schema(), bounds=bounds))


def _strict(node: Any, *, bounds: bool) -> Any:
    if isinstance(node, list):
        return [_strict(part, bounds=bounds) for part in node]
    if not isinstance(node, dict):
        return node
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key in {"properties", "$defs"}:
            out[key] = {name: _strict(part, bounds=bounds) for name, part in value.items()}
        elif key not in _WORDS and (bounds or key not in _BOUNDS):
            out[key] = _strict(value, bounds=bounds)
    if "properties" in out:
        out["required"] = list(out["properties"])
        out["additionalProperties"] = False
    return out


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Memory:
    """What services taught, each for a model and a mode; threads share it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], Habit] = {}

    def get(self, service: str, model: str, mode: str) -> Habit | None:
        """What is known, or None."""
        return self._known.get((service, model, mode))

    def put(self, service: str, model: str, mode: str, habit: Habit) -> None:
        """Remember it."""
        self._known[service, model, mode] = habit
