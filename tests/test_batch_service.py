"""Questions answered by batches: in parts, over faults and kills, and by files for an office without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.batch import Options, Store, Summary, run_files
from extractor.batch.deferred import SUFFIX, Deferring
from extractor.errors import ProviderError, UsageError
from extractor.models.batches import Batches
from extractor.models.deferred import MOST_TRIES, Desk, Limits
from extractor.models.settings import make_settings
from extractor.rungs import Asking
from tests.batch_service import run
from tests.conftest import extract
from tests.each import each
from tests.loopback.batches import BatchServer
from tests.scripted.many import NOTHING, PROMPT, Known, write

pytestmark = pytest.mark.models
KEY = {"OPENAI_API_KEY": "scripted"}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Known]:
    folder = tmp_path_factory.mktemp("reports")
    known = Known(write(str(folder), range(22)))
    return sorted(str(path) for path in folder.iterdir()), known


def by_batch(
    files: list[str], store: Path, url: str, deferring: Deferring, limit: int | None = None
) -> Summary:
    return run_files(
        files,
        store,
        Options(processes=1, limit=limit),
        Asking(("openai/scripted",), base_url=url, prompt=PROMPT),
        deferring=deferring,
        environ=KEY,
    )


def test_questions_go_in_parts_and_every_report_is_read(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    files, known = reports
    said: list[str] = []
    deferring = Deferring(poll=0.05, limits=Limits(requests=4), say=said.append)
    with BatchServer(known, most_lines=4) as server:
        summary = by_batch(files, tmp_path / "s.db", server.url, deferring)
    assert summary.counts.verdicts == {"accepted": len(files)}
    assert (summary.ending, summary.exit_code) == ("finished", 0)
    assert server.batches == -(-len(files) // 4)
    assert set(server.paid.values()) == {1}
    assert summary.counts.requests == len(server.paid)
    assert summary.counts.output_tokens == 50 * len(server.paid)
    assert "questions" in said[0]
    assert not Path(f"{tmp_path / 's.db'}{SUFFIX}").exists()


def test_what_fails_every_time_is_told_and_the_rest_is_read(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    files, known = reports
    with BatchServer(known, faults=("error",), share=1.0) as server:
        summary = by_batch(files, tmp_path / "s.db", server.url, Deferring(poll=0.05))
    assert summary.counts.problems == {"provider": len(files)}
    assert server.batches == MOST_TRIES
    with Store.open(tmp_path / "s.db") as store:
        told = [one.message for one in store.failures()]
    assert len(told) == len(files)
    assert all("ask online" in (message or "") for message in told)


def test_an_answer_that_cannot_be_used_is_asked_about_once_and_never_for_ever(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    files, _ = reports
    with BatchServer(lambda *_: NOTHING[:-1]) as server:
        summary = by_batch(files[:3], tmp_path / "s.db", server.url, Deferring(poll=0.05))
    assert summary.counts.done == 3
    assert not summary.counts.verdicts["accepted"]
    assert set(server.paid.values()) == {1}


def test_a_limit_counts_over_all_passes(reports: tuple[list[str], Known], tmp_path: Path) -> None:
    files, known = reports
    with BatchServer(known) as server:
        one = by_batch(files, tmp_path / "s.db", server.url, Deferring(poll=0.05), limit=3)
        assert one.counts.done == len(server.paid) == 3
        two = by_batch(files, tmp_path / "s.db", server.url, Deferring(poll=0.05))
    assert two.counts.done == len(files) - 3
    assert len(server.paid) == len(files)


def test_an_office_without_a_network_asks_by_files(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    files, known = reports
    store, out, back = tmp_path / "s.db", tmp_path / "out.jsonl", tmp_path / "in.jsonl"
    nobody = "http://127.0.0.1:9/v1"
    summary = by_batch(files, store, nobody, Deferring(requests_out=str(out)))
    assert (summary.ending, summary.counts.done) == ("limit", 0)
    lines = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert len(lines) == len(files)
    assert {tuple(line) for line in lines} == {("custom_id", "method", "url", "body")}

    def answers() -> Iterator[str]:
        for line in reversed(lines[1:]):  # the first is lost
            system, user = (message["content"] for message in line["body"]["messages"])
            text = {"role": "assistant", "content": known(system, user)}
            body = {"choices": [{"index": 0, "finish_reason": "stop", "message": text}]}
            response = {"status_code": 200, "body": body}
            yield json.dumps({"custom_id": line["custom_id"], "response": response})
            yield json.dumps({"custom_id": line["custom_id"], "error": {"code": "late"}})
        yield '{"custom_id": "nobody", "response": {"status_code": 200, "body": {}}}'
        yield "no line at all"

    back.write_text("\n".join(answers()), encoding="utf-8")
    said: list[str] = []
    deferring = Deferring(answers_in=(str(back),), requests_out=str(out), say=said.append)
    summary = by_batch(files, store, nobody, deferring)
    assert summary.counts.verdicts == {"accepted": len(files) - 1}
    assert "1 lines came back that are no answers" in said
    (left,) = out.read_bytes().splitlines()
    assert json.loads(left)["custom_id"] == lines[0]["custom_id"]


def test_a_batch_whose_making_was_not_heard_of_is_found_and_not_made_again(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    """The program dies between the making of a batch and the note of it."""
    files, known = reports
    journal = tmp_path / f"s.db{SUFFIX}"
    with BatchServer(known) as server:
        deferring = Deferring(poll=0.05)
        asking = by_batch  # the first run dies when it has sent its batch

        class Died(BaseException):
            pass

        def dies(batches: Batches) -> None:
            entry = batches.entries[0]
            entry.id = ""
            batches._write()
            raise Died

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Batches, "ended", lambda self, _: dies(self))
            with pytest.raises(Died):
                asking(files, tmp_path / "s.db", server.url, deferring)
        assert json.loads(journal.read_text())["batches"][0]["id"] == ""
        summary = asking(files, tmp_path / "s.db", server.url, deferring)
    assert summary.counts.verdicts == {"accepted": len(files)}
    assert server.batches == 1


@each("faults", [("late",), ("lost",), ("busy",)])
def test_a_batch_whose_making_got_no_answer_is_made_once(
    faults: tuple[str, ...], reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    """It may be made while it is looked for, or was never heard of."""
    files, known = reports
    with BatchServer(known, faults=faults, share=0.16, seed=3) as server:
        summary = by_batch(
            files,
            tmp_path / f"{faults[0]}.db",
            server.url,
            Deferring(poll=0.3, limits=Limits(requests=2)),
        )
    assert summary.counts.verdicts == {"accepted": len(files)}
    assert server.played[faults[0]] > 0
    assert set(server.paid.values()) == {1}


def test_a_batch_is_found_behind_many_that_others_made_since(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    with BatchServer(reports[1]) as server:
        batches = Batches(make_settings(KEY, base_url=server.url), str(tmp_path / "j"), poll=0.01)
        with closing(batches):
            (mine,) = batches.send(
                [
                    (
                        "a",
                        b'{"custom_id": "a", "body": {"messages": [{"content": ""}, {"content": ""}]}}\n',
                    )
                ]
            )
            for _ in range(150):
                server.post_batch({"input_file_id": mine.file, "endpoint": "", "metadata": {}})
            id, mine.id = mine.id, ""
            batches._find()
            assert [entry.id for entry in batches.entries] == [id]


def test_answers_that_never_come_whole_are_no_answers(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    files, known = reports
    store = tmp_path / "s.db"
    with BatchServer(known, faults=("partial",), share=1.0) as server:
        with pytest.raises(ProviderError, match="sends fewer"):
            by_batch(files, store, server.url, Deferring(poll=0.05))
        server.kinds = ()
        summary = by_batch(files, store, server.url, Deferring(poll=0.05))
    assert summary.counts.verdicts == {"accepted": len(files)}
    assert set(server.paid.values()) == {1}


def test_a_service_that_takes_no_batches_is_exit_4_and_the_journal_stays_readable(
    reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    files, known = reports
    with BatchServer(known, most_lines=1) as server, pytest.raises(ProviderError, match="too many"):
        by_batch(files, tmp_path / "s.db", server.url, Deferring(poll=0.05))
    journal = tmp_path / f"s.db{SUFFIX}"
    journal.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        by_batch(files, tmp_path / "s.db", "http://127.0.0.1:9/v1", Deferring())


@each(
    "words",
    [
        ("--service", "batch"),
        ("--service", "batch", "--model", "openai/x", "--fresh"),
        ("--service", "batch", "--model", "openai/x", "--requests-out", "o"),
        ("--model", "openai/x", "--answers-in", "a"),
        ("--model", "openai/x", "--answers-in", "none", "--requests-out", "o"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    words: tuple[str, ...], reports: tuple[list[str], Known], tmp_path: Path
) -> None:
    done = extract("batch", reports[0][0], "--store", tmp_path / "s.db", *words, OPENAI_API_KEY="x")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_of_lines_with_one_name_the_first_that_was_answered_counts() -> None:
    good = {"custom_id": "a", "response": {"status_code": 200, "body": {"choices": []}}}
    lost = {"custom_id": "a", "error": {"code": "late"}}
    other = {"custom_id": "a", "response": {"status_code": 200, "body": {"choices": [1]}}}
    with closing(Desk()) as desk:
        assert desk.take(json.dumps(one).encode() for one in (lost, good, other, lost)) == 4
        assert desk.line("a") == good


def test_two_hundred_questions_with_faults_and_kills_are_as_online() -> None:
    done = run(200, kills=3)
    assert not done.wrong
    assert done.kills == 3
    assert len(done.results) == len(done.online) == 200
    assert sum(done.played.values()) > 0
