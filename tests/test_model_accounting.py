"""What a run spends, what models cost, and the folder of recorded answers."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from extractor.errors import UsageError
from extractor.models.cache import Cache, key_of
from extractor.models.exchange import Question, Spent
from extractor.models.meter import Attempt, Meter
from extractor.models.prices import MOST_TOKENS, Price, Prices
from extractor.models.tokens import estimate
from extractor.readers.shapes import Marks, Pointers
from tests.each import each, rows

ROWS = rows(__file__)

KNOWN = "gpt-5-mini"
HOST = "api.openai.com"
PRICES = Prices.load()


def attempt(**changed: Any) -> Attempt:
    """An attempt that was answered, or as changed."""
    made = Attempt(
        about="requests",
        model=KNOWN,
        service=HOST,
        status=200,
        seconds=1.23456,
        input_tokens=1000,
        cached_tokens=0,
        output_tokens=100,
        request_id="req_1",
        outcome="answered",
        retried_because=None,
        mode="json_schema",
    )
    return replace(made, **changed)


def question(**changed: Any) -> Question:
    """A question, or as changed."""
    made = Question(
        prompt_id="points-zh-1",
        prompt_sha256="0" * 64,
        system="指出各行所在。",
        user="报告原文：本年新收 26",
        shape=Pointers,
        room=400,
        about="requests",
    )
    return replace(made, **changed)


# --- prices -----------------------------------------------------------------------------------------


def test_the_packaged_prices_are_dated_and_name_the_providers_page() -> None:
    assert PRICES.as_of.year >= 2026
    assert len(PRICES.models) >= 3
    for name, price in PRICES.models.items():
        assert price.source, name
        assert price.source.startswith("https://"), name
        assert price.service, name
        assert price.source.split("/")[2].split(".")[-2] == price.service[0].split(".")[-2], name
        assert 0 < price.cached_input <= price.input <= price.output, name


def test_a_cost_is_exact() -> None:
    assert PRICES.cost(KNOWN, 1000, 300, 100) == Decimal("0.0003825")
    assert PRICES.cost(KNOWN, 1, 0, 0) == Decimal("0.00000025")
    assert PRICES.cost(KNOWN, 0, 0, 0) == 0


@settings(max_examples=100)
@given(*[st.integers(0, MOST_TOKENS)] * 3)
def test_no_digit_of_a_cost_is_lost(fresh: int, cached: int, output: int) -> None:
    price = Price(
        input=Decimal("99999.123456"), cached_input=Decimal("0.000001"), output=Decimal("1.1")
    )
    prices = Prices(PRICES.as_of, {"m": price})
    millionth_parts = fresh * 99999123456 + cached * 1 + output * 1100000
    cost = prices.cost("m", fresh + cached, cached, output)
    assert cost is not None
    sign, digits, exponent = cost.as_tuple()
    assert isinstance(exponent, int)
    assert exponent >= -12
    assert int("".join(map(str, digits))) * 10 ** (exponent + 12) == millionth_parts
    assert sign == 0


@pytest.mark.parametrize("name", ["gpt-5-mini-2025-08-07", "gpt-5-mini-20250807"])
def test_a_dated_snapshot_costs_what_its_model_costs(name: str) -> None:
    assert PRICES.of(name) == PRICES.of(KNOWN) is not None


@each(
    "name",
    ROWS["a_price_is_never_guessed"],
)
def test_a_price_is_never_guessed(name: str) -> None:
    assert PRICES.of(name) is None
    assert PRICES.cost(name, 10, 0, 1) is None
    assert PRICES.most(name, 10, 1) is None


def test_a_snapshot_with_a_price_of_its_own_has_that(tmp_path: Path) -> None:
    listed = tmp_path / "prices.toml"
    listed.write_text('[models."gpt-5-mini-2025-08-07"]\ninput = 9\noutput = 9\n')
    prices = Prices.load(str(listed))
    own, general = prices.of("gpt-5-mini-2025-08-07"), prices.of(KNOWN)
    assert own is not None
    assert general is not None
    assert (own.input, general.input) == (Decimal(9), Decimal("0.25"))


def test_another_host_that_offers_the_same_name_has_a_price_of_its_own() -> None:
    for service in ("127.0.0.1:8080", "eu.api.openai.com", "api.openai.com:8443", "openai.com"):
        assert PRICES.cost(KNOWN, 10, 0, 1, service) is None
    for service in (HOST, "API.openai.com:443"):
        assert PRICES.cost(KNOWN, 10, 0, 1, service) is not None


def test_a_users_prices_add_to_the_packaged_ones_and_replace_them(tmp_path: Path) -> None:
    listed = tmp_path / "prices.toml"
    listed.write_text(
        'as_of = "2027-01-31"\n'
        "[models.gpt-5-mini]\ninput = 0.1\noutput = 3\n"
        '[models."qwen3:8b"]\ninput = "0"\ncached_input = 0\noutput = 0\n',
        encoding="utf-8",
    )
    prices = Prices.load(str(listed))
    assert prices.as_of.isoformat() == "2027-01-31"
    assert prices.of(KNOWN, "anywhere") == Price(
        input=Decimal("0.1"), cached_input=Decimal("0.1"), output=Decimal(3)
    )
    assert prices.cost("qwen3:8b", 10**6, 0, 10**6, "127.0.0.1:11434") == 0
    assert prices.of("gpt-5-nano") == PRICES.of("gpt-5-nano")


@each(
    "content",
    [
        *ROWS["a_bad_list_of_prices_is_wrong_usage_in_one_line"],
        "a = " + "[" * 5000,
        "é".encode("latin-1"),
        b"x" * (1 << 21),
    ],
)
def test_a_bad_list_of_prices_is_wrong_usage_in_one_line(
    tmp_path: Path, content: str | bytes
) -> None:
    listed = tmp_path / "prices.toml"
    listed.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as raised:
        Prices.load(str(listed))
    assert str(raised.value).isprintable()
    assert "prices.toml" in str(raised.value)
    assert len(str(raised.value)) < 400


# --- attempts ---------------------------------------------------------------------------------------


def test_an_attempt_is_json_for_the_provenance() -> None:
    made = attempt().as_dict()
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert made["seconds"] == 1.235
    assert list(made)[:5] == ["about", "model", "service", "status", "seconds"]


def test_what_a_server_says_is_made_one_short_line() -> None:
    said = "req\r\n\x1b[31m\u202e\u2028\ud800" + "x" * 10**6
    made = attempt(request_id=said, retried_because=said).as_dict()
    for name in ("request_id", "retried_because"):
        text = made[name]
        assert isinstance(text, str)
        assert text.isprintable()
        assert len(text) <= 120
        text.encode()


@each("name", ["input_tokens", "cached_tokens", "output_tokens"])
@each("value", [-1, True, "12", 1.0, 10**30, [1], float("nan")])
def test_of_a_usage_with_one_absurd_count_none_is_believed(name: str, value: object) -> None:
    made = attempt(**{name: value})
    assert (made.input_tokens, made.cached_tokens, made.output_tokens) == (None, None, None)


def test_more_cached_than_sent_is_absurd() -> None:
    assert attempt(input_tokens=10, cached_tokens=11).input_tokens is None
    assert attempt(input_tokens=None, cached_tokens=11).cached_tokens is None
    assert attempt(input_tokens=10, cached_tokens=10).cached_tokens == 10


# --- the meter --------------------------------------------------------------------------------------


def spend(meter: Meter, *attempts: Attempt) -> None:
    """Ask for and record attempts, one after the other."""
    for one in attempts:
        meter.before_request(1000, 100, KNOWN)
        meter.record(one)


def test_usage_is_the_sum_of_the_attempts() -> None:
    meter = Meter(None, None, PRICES)
    spend(meter, attempt(), attempt(input_tokens=500, cached_tokens=400, output_tokens=7))
    usage = meter.spent()
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens) == (1500, 400, 107)
    assert usage.requests == 2
    assert usage.cost_usd == Decimal("0.00045") + Decimal("0.000049")
    assert usage.as_dict()["cost_usd"] == "0.000499"
    assert [one.output_tokens for one in meter.attempts] == [100, 7]


@each(
    "unknown",
    [
        attempt(model="of-somebody"),
        attempt(service="127.0.0.1:8080"),
        attempt(input_tokens=None),
        attempt(output_tokens=None),
        attempt(output_tokens=-5),
        attempt(status=None, input_tokens=None, cached_tokens=None, output_tokens=None),
        attempt(status=408, input_tokens=None, cached_tokens=None, output_tokens=None),
        attempt(status=429, input_tokens=5, cached_tokens=None, output_tokens=None),
        attempt(status=500, input_tokens=None, cached_tokens=None, output_tokens=None),
        attempt(model="deepseek-flash", service="api.deepseek.com"),
    ],
)
def test_one_attempt_of_unknown_cost_makes_the_cost_unknown_and_never_zero(
    unknown: Attempt,
) -> None:
    for attempts in ((unknown,), (attempt(), unknown), (unknown, attempt())):
        meter = Meter(None, None, PRICES)
        spend(meter, *attempts)
        assert meter.spent().cost_usd is None
        assert meter.spent().as_dict()["cost_usd"] is None


@each("status", [307, 400, 401, 403, 404, 405, 422, 429])
def test_a_request_that_was_turned_away_cost_nothing(status: int) -> None:
    meter = Meter(None, None, PRICES)
    refused = attempt(status=status, input_tokens=None, cached_tokens=None, output_tokens=None)
    spend(meter, refused, attempt())
    assert meter.spent().cost_usd == Decimal("0.00045")
    assert meter.spent().requests == 2


def test_cached_tokens_that_are_not_told_are_paid_in_full() -> None:
    meter = Meter(None, None, PRICES)
    spend(meter, attempt(cached_tokens=None))
    assert meter.spent().cost_usd == Decimal("0.00045")


def test_no_request_may_cost_more_than_is_left() -> None:
    # the most that it can cost: 1000 * 0.25 + 100 * 2 millionths of a dollar
    meter = Meter(None, Decimal("0.0009"), PRICES)
    spend(meter, attempt(), attempt())
    with pytest.raises(Spent, match=r"--max-cost 0\.0009") as raised:
        meter.before_request(1, 0, KNOWN)
    assert str(raised.value).isprintable()
    with pytest.raises(Spent):
        Meter(None, Decimal("0.000449"), PRICES).before_request(1000, 100, KNOWN)
    Meter(None, Decimal("0.00045"), PRICES).before_request(1000, 100, KNOWN)


def test_what_was_set_aside_and_not_used_can_be_used() -> None:
    meter = Meter(None, Decimal("0.0005"), PRICES)
    for _ in range(5):  # each could cost 0.00045, and costs 0.0000027
        meter.before_request(1000, 100, KNOWN)
        meter.record(attempt(input_tokens=10, output_tokens=0, cached_tokens=None))
    assert meter.spent().cost_usd == Decimal("0.0000125")


@pytest.mark.parametrize("told", [{"output_tokens": None}, {"status": None, "input_tokens": None}])
def test_an_attempt_of_unknown_tokens_uses_up_what_was_set_aside_for_it(
    told: dict[str, Any],
) -> None:
    meter = Meter(None, Decimal("0.0005"), PRICES)
    spend(meter, attempt(**told))
    with pytest.raises(Spent):
        meter.before_request(1000, 100, KNOWN)


def test_a_request_that_was_never_recorded_uses_up_what_was_set_aside_for_it() -> None:
    meter = Meter(None, Decimal("0.0008"), PRICES)
    meter.before_request(1000, 100, KNOWN)
    with pytest.raises(Spent):
        meter.before_request(1000, 100, KNOWN)
    assert meter.spent().requests == 0


def test_a_price_that_varies_counts_in_full_toward_the_cap() -> None:
    meter = Meter(None, Decimal("0.0005"), PRICES)
    meter.before_request(1000, 100, "deepseek-flash")
    meter.record(attempt(model="deepseek-flash", service="api.deepseek.com"))
    with pytest.raises(Spent, match=r"0\.00042 already used"):
        meter.before_request(1000, 100, "deepseek-flash")


def test_a_cap_on_cost_refuses_a_model_without_a_price() -> None:
    meter = Meter(None, Decimal(1), PRICES)
    meter.check_price(KNOWN)
    for model, service in (("qwen3:8b", None), (KNOWN, "127.0.0.1:8080")):
        with pytest.raises(UsageError, match="--prices FILE") as raised:
            meter.check_price(model, service)
        assert str(raised.value).isprintable()
        with pytest.raises(UsageError, match="--prices FILE"):
            meter.before_request(1, 1, model, service)
    assert meter.spent().requests == 0
    Meter(None, None, PRICES).check_price("qwen3:8b")


def test_threads_never_go_beyond_a_cap_together() -> None:
    capped = Meter(37, None, PRICES)
    dear = Meter(None, Decimal("0.00045") * 37, PRICES)
    start = threading.Barrier(8)
    sent = {id(capped): 0, id(dear): 0}
    lock = threading.Lock()

    def work() -> None:
        start.wait()
        for meter in (capped, dear):
            for _ in range(10):
                try:
                    meter.before_request(1000, 100, KNOWN)
                except Spent:
                    break
                with lock:
                    sent[id(meter)] += 1
                meter.record(attempt())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent[id(capped)] == 37 == capped.spent().requests
    assert sent[id(dear)] == 37
    assert dear.spent().cost_usd == Decimal("0.00045") * 37


# --- recorded answers -------------------------------------------------------------------------------


def files(directory: Path) -> list[Path]:
    """The files under a directory."""
    return sorted(path for path in directory.rglob("*") if path.is_file())


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "answers"))
    key = key_of(question(), KNOWN)
    assert cache.get(key) is None
    for text in ('{"by": "row"}', "字\r\n\0\u2028\ud800", ""):
        cache.put(key, text, question=question(), model=KNOWN)
        assert cache.get(key) == text
        assert Cache(str(tmp_path / "answers"), offline=True).get(key) == text
    assert len(files(tmp_path)) == 1


def test_a_recorded_answer_holds_no_text_of_the_report(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    key = key_of(question(), KNOWN)
    cache.put(key, '{"by": "row"}', question=question(), model=KNOWN)
    (path,) = files(tmp_path)
    assert path.relative_to(tmp_path).parts == (key[:2], key[2:4], f"{key}.json")
    written = path.read_text("utf-8")
    assert question().user not in written
    assert question().system not in written
    entry = json.loads(written)
    assert set(entry) == {
        "format",
        "key",
        "model",
        "prompt",
        "shape",
        "about",
        "sample",
        "user_sha256",
        "recorded",
        "answer",
    }
    assert entry["prompt"] == {"id": "points-zh-1", "sha256": "0" * 64}
    assert (entry["model"], entry["shape"], entry["about"]) == (KNOWN, "Pointers", "requests")


@each(
    "changed",
    [
        {"prompt_id": "points-zh-2"},
        {"prompt_sha256": "1" * 64},
        {"system": "x"},
        {"user": "x"},
        {"shape": Marks},
        {"room": 401},
        {"sample": 1},
        {"user": question().user + "\ud800"},
    ],
)
def test_everything_that_decides_an_answer_changes_its_key(changed: dict[str, Any]) -> None:
    assert key_of(question(**changed), KNOWN) != key_of(question(), KNOWN)


def test_the_model_changes_the_key_and_the_record_name_does_not() -> None:
    assert key_of(question(), "other") != key_of(question(), KNOWN)
    assert key_of(question(about="requests again"), KNOWN) == key_of(question(), KNOWN)


def test_a_key_is_the_same_on_every_machine() -> None:
    class Fixed(BaseModel):
        a: int

    key = key_of(question(shape=Fixed), KNOWN)
    assert key == "1738918660eec627aa8a336a3f67d8cd5ccfbf2103c1742f8fe05e1e3bede6a1"


def test_a_schema_in_other_words_asks_the_same_and_another_field_does_not() -> None:
    class One(BaseModel):
        """In some words."""

        title: int

    class Two(BaseModel):
        """In other words."""

        title: int = Field(description="a title")

    class Three(BaseModel):
        description: int

    keys = [key_of(question(shape=shape), KNOWN) for shape in (One, Two, Three)]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"key": 3}', b"[" * 100_000, b"x" * (5 << 20)],
)
def test_a_damaged_file_is_a_miss_and_written_anew(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(str(tmp_path))
    key = key_of(question(), KNOWN)
    cache.put(key, "right", question=question(), model=KNOWN)
    (path,) = files(tmp_path)
    path.write_bytes(damage)
    assert cache.get(key) is None
    cache.put(key, "right", question=question(), model=KNOWN)
    assert cache.get(key) == "right"


@pytest.mark.parametrize("name", ["key", "format", "answer"])
def test_a_file_of_another_question_or_form_is_a_miss(tmp_path: Path, name: str) -> None:
    cache = Cache(str(tmp_path))
    key = key_of(question(), KNOWN)
    cache.put(key, "right", question=question(), model=KNOWN)
    (path,) = files(tmp_path)
    entry = json.loads(path.read_bytes())
    path.write_text(json.dumps({**entry, name: {"key": "0" * 64, "format": 2}.get(name)}))
    assert cache.get(key) is None


def test_a_directory_that_cannot_be_used_is_wrong_usage_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    for directory, offline in (
        (str(tmp_path / "file"), False),
        (str(tmp_path / "file" / "below"), False),
        (str(tmp_path / "none"), True),
        (str(tmp_path / "file"), True),
        ("", False),
    ):
        with pytest.raises(UsageError, match="--cache") as raised:
            Cache(directory, offline=offline)
        assert str(raised.value).isprintable()
    assert not (tmp_path / "none").exists()


def test_a_directory_that_goes_bad_later_is_wrong_usage(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    key = key_of(question(), KNOWN)
    (tmp_path / key[:2]).write_text("kept")
    assert cache.get(key) is None
    with pytest.raises(UsageError, match="--cache"):
        cache.put(key, "right", question=question(), model=KNOWN)
    assert (tmp_path / key[:2]).read_text() == "kept"


def test_a_key_never_leads_out_of_the_directory(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    for key in ("../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="no key"):
            cache.get(key)


def test_concurrent_writers_leave_one_whole_answer() -> None:
    with tempfile.TemporaryDirectory() as directory:
        mask = os.umask(0o022)
        os.umask(mask)
        caches = [Cache(directory) for _ in range(4)]
        key = key_of(question(), KNOWN)
        seen: list[str | None] = []

        def work(cache: Cache, text: str) -> None:
            for _ in range(25):
                cache.put(key, text, question=question(), model=KNOWN)
                seen.append(cache.get(key))

        texts = [sign * 5000 for sign in "abcd"]
        threads = [
            threading.Thread(target=work, args=pair) for pair in zip(caches, texts, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 100
        assert set(seen) <= set(texts)
        assert len(files(Path(directory))) == 1
        after = os.umask(mask)
        assert after == mask


# --- estimates --------------------------------------------------------------------------------------


@each(
    ("text", "tokens"),
    ROWS["an_estimate_counts_what_it_says"],
)
def test_an_estimate_counts_what_it_says(text: str, tokens: int) -> None:
    assert estimate(text) == tokens


def test_an_estimate_of_a_report_is_rather_high_than_low() -> None:
    # counted with DeepSeek's tokenizer, see the docstring of the module
    text = "本年新收政府信息公开申请数量 26 0 0 0 0 0 26\n" * 3
    assert 66 <= estimate(text) <= 100
