"""The review pages: what is shown, what a decision does, two people, restarts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from extractor.lexicon import Lexicon
from extractor.review.access import Access
from extractor.review.desk import RefusedError
from extractor.review.users import User, add, load
from extractor.review.words import keep
from tests.reviewed import (
    REMARK,
    TOKEN,
    Served,
    kinds,
    results,
    rows,
    serve,
    sha,
    store_of,
    with_figure,
)
from verify.decisions import Decision, Scope
from verify.forms import every_form

REMARKED = with_figure(1, "{}" + REMARK)
ALSO = with_figure(2, "{}" + REMARK, "青河县民政局")
WRONG = with_figure(3, "{1}")
UNREADABLE = with_figure(4, "{}余")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return store_of(
        tmp_path, {"a.txt": REMARKED, "b.txt": ALSO, "c.txt": WRONG, "d.txt": UNREADABLE}
    )


@pytest.fixture
def served(path: Path) -> Iterator[Served]:
    made = serve(path)
    made.client.get(f"/?token={TOKEN}")
    yield made
    made.close()


def hidden(page: str, kind: str) -> dict[str, str]:
    """The hidden fields of the form of a decision."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        if fields.get("kind", "") == kind and "undoes" not in fields:
            return fields
    raise AssertionError(f"no form for {kind}")


def screen(client: TestClient, text: str) -> tuple[str, str]:
    """The address and the page of the first open item of a report."""
    answer = client.get(f"/r/{sha(text)}")
    assert answer.status_code == 200, answer.text
    return str(answer.url).split("?")[0], answer.text


def decide(client: TestClient, text: str, kind: str, **more: str) -> tuple[int, str]:
    address, page = screen(client, text)
    answer = client.post(address, data={**hidden(page, kind), **more})
    return answer.status_code, answer.text


def verdicts(path: Path) -> dict[str, str]:
    return {key: json.loads(text)["verdict"] for key, text in results(path).items()}


def test_the_queue_lists_what_is_open_and_filters_it(served: Served) -> None:
    page = served.client.get("/").text
    assert "青河县民政局" in page
    assert served.client.get("/?verdict=inconsistent").text.count("<li><a") == 1
    assert served.client.get("/?text=青河").text.count("<li><a") == 1
    assert served.client.get("/?code=remark").text.count("<li><a") == 2
    assert served.client.get("/?text=nowhere").text.count("<li><a") == 0
    assert "/next?verdict=incomplete" in served.client.get("/?verdict=incomplete").text


def test_a_remark_is_confirmed_and_the_next_item_follows(served: Served) -> None:
    status, page = decide(served.client, REMARKED, "harmless")
    assert status == 200
    assert 'name="undoes"' in page
    served.close()
    assert verdicts(Path(served.store.path))[sha(REMARKED)] == "accepted"
    assert verdicts(Path(served.store.path))[sha(ALSO)] == "unconfirmed"


def test_one_decision_on_words_settles_every_report_that_has_them(served: Served) -> None:
    _, page = screen(served.client, REMARKED)
    assert "凡有此文字的2份报告" in page
    decide(served.client, REMARKED, "harmless", scope="words")
    served.close()
    found = verdicts(Path(served.store.path))
    assert found[sha(REMARKED)] == found[sha(ALSO)] == "accepted"
    assert len(rows(Path(served.store.path))) == 1


def test_undo_opens_it_again_and_erases_nothing(served: Served) -> None:
    before = results(Path(served.store.path))[sha(REMARKED)]
    _, page = decide(served.client, REMARKED, "harmless", scope="words")
    fields = dict(re.findall(r'name="(csrf|id|undoes)" value="([^"]*)"', page.split("undo?")[0]))
    form = re.search(r'<form method="post" action="/undo.*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert served.client.post("/undo", data=fields).status_code == 200
    served.close()
    path = Path(served.store.path)
    assert [row["kind"] for row in rows(path)] == ["harmless", "undo"]
    assert results(path)[sha(REMARKED)] == before
    assert verdicts(path)[sha(ALSO)] == "unconfirmed"


def test_a_wrong_sum_is_shown_with_its_suspects_and_stays_wrong(served: Served) -> None:
    _, page = screen(served.client, WRONG)
    assert "≠" in page
    assert "须为" in page
    decide(served.client, WRONG, "as_printed")
    served.close()
    path = Path(served.store.path)
    assert verdicts(path)[sha(WRONG)] == "inconsistent"
    made = json.loads(results(path)[sha(WRONG)])["decisions"]
    assert {row["kind"] for row in made} == {"as_printed"}


def item_with(served: Served, text: str, code: str) -> str:
    case = served.desk.queue.by_sha[sha(text)]
    return next(f"/r/{case.sha256}/{one.key}" for one in case.items if one.code == code)


def test_a_figure_is_entered_where_the_source_shows_it(served: Served) -> None:
    address = item_with(served, UNREADABLE, "not_a_figure")
    page = served.client.get(address).text
    cell = re.search(r'<option value="([^"]+)">', page.split('name="cell"')[1])
    assert cell
    shown = re.search(r"“(\d+)余”", page)
    assert shown
    fields = {**hidden(page, "enter"), "cell": cell[1]}
    for wrong in ("", "-3", "3x", "1" * 30):
        answer = served.client.post(address, data={**fields, "value": wrong})
        assert answer.status_code == 422, wrong
    other = served.client.post(address, data={**fields, "value": "3", "start": "0", "end": "59"})
    assert other.status_code == 422
    assert rows(Path(served.store.path)) == []
    served.client.post(address, data={**fields, "value": shown[1]})
    served.close()
    result = json.loads(results(Path(served.store.path))[sha(UNREADABLE)])
    assert result["cells"][cell[1]]["state"] == "entered"
    assert result["verdict"] == "completed"


def test_a_reason_is_asked_for(served: Served) -> None:
    status, page = decide(served.client, REMARKED, "dismiss", why="  ")
    assert status == 422
    assert "须写明理由" in page
    assert rows(Path(served.store.path)) == []


def test_the_same_form_twice_is_one_decision(served: Served) -> None:
    address, page = screen(served.client, REMARKED)
    data = hidden(page, "harmless")
    assert served.client.post(address, data=data).status_code == 200
    assert served.client.post(address, data=data).status_code == 200
    assert len(rows(Path(served.store.path))) == 1


def test_pages_are_chinese_and_english(served: Served) -> None:
    assert "人工复核" in served.client.get("/").text
    page = served.client.get("/?lang=en").text
    assert "<title>Review</title>" in page
    assert "things to decide" in served.client.get("/").text  # it stays


def test_a_missing_original_is_said_and_one_is_found_by_its_hash(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(path)
    served.client.get(f"/?token={TOKEN}")
    case = served.desk.queue.by_sha[sha(REMARKED)]
    monkeypatch.setattr(served.desk.originals, "data", lambda *_: None)
    assert "原件不在库中" in screen(served.client, REMARKED)[1]
    served.close()
    from extractor.batch.store import Store
    from extractor.review.originals import Originals

    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / case.sha256).write_bytes(REMARKED.encode())
    with Store.open(path) as store:
        found = Originals(store, str(folder))
        monkeypatch.setattr(found, "_store", _NoBytes())
        assert found.data(case.sha256, case.source) == REMARKED.encode()
        (folder / case.sha256).write_bytes(b"of another")
        assert found.data(case.sha256, case.source) is None


class _NoBytes:
    """A store that has kept no bytes."""

    def content(self, _source: int) -> None:
        return None

    def paths(self, _source: int) -> tuple[str, ...]:
        return ()


def test_decisions_that_a_crash_left_are_judged_at_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(path)
    served.client.get(f"/?token={TOKEN}")
    monkeypatch.setattr(served.desk, "_again", lambda _reports: None)  # killed before it judged
    decide(served.client, REMARKED, "harmless", scope="words")
    served.close()
    assert verdicts(path)[sha(REMARKED)] == "unconfirmed"
    again = serve(path)
    again.close()
    found = verdicts(path)
    assert found[sha(REMARKED)] == found[sha(ALSO)] == "accepted"
    third = serve(path)
    assert third.desk.queue.waiting() == []
    third.close()


# --- two people


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = str(tmp_path_factory.mktemp("users") / "users.txt")
    for name in ("王芳:decide", "李雷:decide", "赵敏:administer", "钱进:read"):
        add(file, name, "correct horse")
    return file


@pytest.fixture
def two(path: Path, users: str) -> Iterator[tuple[Served, TestClient, TestClient]]:
    served = serve(path, Access("", users=load(users)))
    yield served, signed_in(served, "王芳"), signed_in(served, "李雷")
    served.close()


def signed_in(served: Served, name: str) -> TestClient:
    client = TestClient(served.client.app, base_url="http://127.0.0.1:4711")
    answer = client.post("/login", data={"name": name, "password": "correct horse"})
    assert answer.status_code == 200, answer.text
    return client


def test_what_another_decided_meanwhile_is_told(
    two: tuple[Served, TestClient, TestClient],
) -> None:
    served, one, other = two
    address, page = screen(one, WRONG)
    mine = hidden(page, "uphold")
    decide(other, WRONG, "as_printed")
    answer = one.post(address, data=mine)
    assert answer.status_code == 409
    assert "李雷刚刚对此作出了决定" in answer.text
    again = one.post(address, data=hidden(answer.text, "uphold"))
    assert again.status_code == 200
    page = one.get(address).text
    assert "取得一致之前不生效" in page
    same, several = served.desk.agreement()
    assert (same, several > 0) == (0, True)
    assert f"一致0/{several}" in one.get("/history").text
    assert one.get("/?state=trouble").text.count("<li><a") == 1


def test_who_looks_at_a_report_is_shown_and_it_is_left_to_them(
    two: tuple[Served, TestClient, TestClient],
) -> None:
    _, one, other = two
    screen(one, REMARKED)
    assert "王芳正在看这份" in screen(other, REMARKED)[1]
    following = str(other.get("/next").url)
    assert sha(REMARKED) not in following or "state" in following


def test_what_is_handed_on_is_in_the_queue_of_that_person_alone(
    two: tuple[Served, TestClient, TestClient],
) -> None:
    _, one, other = two
    decide(one, REMARKED, "hand_on", to="李雷")
    assert other.get("/?state=mine").text.count("<li><a") == 1
    assert one.get("/?state=mine").text.count("<li><a") == 0


def test_a_second_opinion_is_waited_for(two: tuple[Served, TestClient, TestClient]) -> None:
    served, one, other = two
    address, page = screen(one, REMARKED)
    ask = {**hidden(page, "hand_on"), "to": "*"}
    one.post(address, data=ask)
    one.post(address, data=hidden(one.get(address).text, "harmless"))
    assert "另一人作出相同决定" in one.get(address).text
    assert served.desk.queue.by_sha[sha(REMARKED)].verdict == "unconfirmed"
    other.post(address, data=hidden(other.get(address).text, "harmless"))
    assert served.desk.queue.by_sha[sha(REMARKED)].verdict == "accepted"
    assert served.desk.agreement() == (1, 1)


def test_roles_read_decide_administer(two: tuple[Served, TestClient, TestClient]) -> None:
    served, one, other = two
    reader, chief = signed_in(served, "钱进"), signed_in(served, "赵敏")
    address, page = screen(reader, REMARKED)
    assert 'class="decision' not in page
    session = re.search(r'name="csrf" value="([^"]+)"', page)
    assert session
    forged = {"csrf": session[1], "id": "a" * 32, "kind": "harmless", "seen": "0"}
    assert reader.post(address, data=forged).status_code == 403
    decide(one, REMARKED, "harmless")
    made = rows(Path(served.store.path))[0]["id"]

    def undo(client: TestClient) -> int:
        page = client.get("/history").text
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        assert csrf
        data = {"csrf": csrf[1], "id": "b" * 32, "undoes": made}
        return client.post("/undo", data=data).status_code

    assert undo(other) == 422
    assert undo(chief) == 200
    assert len(rows(Path(served.store.path))) == 2


def test_passwords_are_kept_as_salted_hashes_and_the_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    add(str(file), "王芳:decide", "correct horse")
    add(str(file), "李雷:read", "correct horse")
    text = file.read_text(encoding="utf-8")
    assert "correct horse" not in text
    first, second = load(str(file)).values()
    assert first.hash != second.hash
    assert isinstance(first, User)
    assert first.knows("correct horse")
    assert not first.knows("correct horsf")
    assert file.stat().st_mode & 0o077 == 0


def test_the_queue_of_many_kinds_can_be_worked_through(tmp_path: Path) -> None:
    path = store_of(tmp_path, kinds(8))
    served = serve(path)
    served.client.get(f"/?token={TOKEN}")
    for _ in range(200):
        answer = served.client.get("/next")
        if "/r/" not in str(answer.url):
            break
        address = str(answer.url).split("?")[0]
        kind = "harmless" if 'value="harmless"' in answer.text else "uphold"
        assert served.client.post(address, data=hidden(answer.text, kind)).status_code == 200
    assert served.desk.queue.open == 0
    served.close()
    assert sorted(verdicts(path).values()).count("accepted") == 4


# --- labels and the lexicon


def label(id: str, text: str, row: str, *, who: str = "王芳", scope: Scope = "words") -> Decision:
    return Decision(
        id * 32,
        who,
        "2026-11-28T09:00:00.000Z",
        "label",
        sha(REMARKED),
        scope,
        "named_by_model",
        cells=tuple(name for name in every_form()[0].cells if name.startswith(f"requests.{row}.")),
        text=text,
    )


def test_a_label_that_is_confirmed_everywhere_goes_to_the_lexicon(tmp_path: Path) -> None:
    file = str(tmp_path / "words.jsonl")
    first, other = label("1", "给看了", "granted"), label("2", "给看了", "granted", who="李强")
    here = label("3", "没给看", "partially_granted", scope="place")
    keep(file, [here], {})
    assert not Path(file).exists()
    keep(file, [first], {})
    (entry,) = Lexicon.load(file).entries
    assert (entry.words, entry.target, entry.who) == ("给看了", "requests.granted", "王芳")
    keep(file, [other], {first.id: first})
    assert len(Lexicon.load(file).entries) == 1
    undo = Decision("4" * 32, "王芳", first.when, "undo", first.source, undoes=first.id)
    keep(file, [undo], {first.id: first, other.id: other})
    assert [entry.who for entry in Lexicon.load(file).entries] == ["李强"]
    undo = Decision("5" * 32, "李强", first.when, "undo", first.source, undoes=other.id)
    keep(file, [undo], {other.id: other})
    assert Lexicon.load(file).entries == ()


@pytest.mark.parametrize("words", ["予以公开", "给看了"])
def test_a_label_that_the_lexicon_refuses_is_not_decided(
    served: Served, tmp_path: Path, words: str
) -> None:
    file = tmp_path / "words.jsonl"
    lexicon = Lexicon()
    lexicon.add("给看了", "requests", "partially_granted")
    lexicon.save(file)
    before = file.read_bytes()
    served.desk.lexicon = str(file)
    with pytest.raises(RefusedError, match="no_label"):
        served.desk._take([label("1", words, "granted")])
    assert file.read_bytes() == before
    assert rows(Path(served.store.path)) == []
    served.desk._take([label("1", "让看了", "granted")])
    assert [entry.words for entry in Lexicon.load(file).entries] == ["给看了", "让看了"]
    assert len(rows(Path(served.store.path))) == 1


def test_a_report_that_was_read_with_a_lexicon_keeps_its_hash(tmp_path: Path) -> None:
    lexicon = Lexicon()
    lexicon.add("给看了", "requests", "granted")
    path = store_of(tmp_path, {"a.txt": REMARKED}, lexicon)
    served = serve(path)
    served.client.get(f"/?token={TOKEN}")
    decide(served.client, REMARKED, "harmless")
    served.close()
    result = json.loads(results(path)[sha(REMARKED)])
    assert (result["verdict"], result["provenance"]["lexicon"]) == ("accepted", lexicon.sha256)
