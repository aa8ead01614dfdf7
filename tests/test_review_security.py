"""What the review server refuses: each in one line, with nothing changed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from extractor.errors import UsageError
from extractor.review.access import COOKIE, Access
from extractor.review.users import add, load
from tests.conftest import ROOT, command, environment, extract
from tests.reviewed import BASE, REMARK, TOKEN, Served, rows, serve, sha, store_of, with_figure
from tests.test_review import hidden, screen

HOSTILE = "<script>alert(1)</script>{{7717*7}}\"'><img src=x onerror=alert(2)>"
REMARKED = with_figure(1, "{}" + REMARK)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return store_of(tmp_path, {"a.txt": REMARKED})


@pytest.fixture
def served(path: Path) -> Iterator[Served]:
    made = serve(path)
    yield made
    made.close()


def fresh(served: Served) -> TestClient:
    return TestClient(served.client.app, base_url=BASE)


PAGES = (
    "/",
    "/next",
    "/history",
    "/decisions.jsonl",
    "/r/x",
    "/r/x/y",
    "/?token=",
    "/?token=wrong",
)


@pytest.mark.parametrize("page", PAGES)
def test_without_the_token_nothing_is_shown(served: Served, page: str) -> None:
    answer = served.client.get(page)
    assert answer.status_code == 403
    assert answer.text.count("\n") == 1
    assert COOKIE not in answer.cookies


def test_the_token_leaves_the_address_and_the_cookie_is_closed_to_scripts(served: Served) -> None:
    answer = served.client.get(f"/?token={TOKEN}&verdict=x", follow_redirects=False)
    assert answer.status_code == 303
    assert TOKEN not in answer.headers["location"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_every_answer_forbids_assets_from_elsewhere(served: Served) -> None:
    served.client.get(f"/?token={TOKEN}")
    for page in (*PAGES, f"/r/{sha(REMARKED)}", "/static/review.js", "/static/nothing", "/login"):
        headers = served.client.get(page).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, page
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def post(served: Served, **headers: str) -> int:
    """A decision as the browser would send it, but for some headers."""
    address, page = screen(served.client, REMARKED)
    return served.client.post(address, data=hidden(page, "harmless"), headers=headers).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:4712"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_what_another_page_sends_is_refused(served: Served, headers: dict[str, str]) -> None:
    served.client.get(f"/?token={TOKEN}")
    assert post(served, **headers) == 403
    assert rows(Path(served.store.path)) == []
    assert post(served, origin=BASE, **{"sec-fetch-site": "same-origin"}) == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:4712", "evil.example:4711", ""])
def test_a_name_that_was_led_here_is_refused(served: Served, host: str) -> None:
    served.client.get(f"/?token={TOKEN}")
    assert served.client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("csrf", ["", "0" * 32, "ü"])
def test_a_form_without_its_csrf_token_is_refused(served: Served, csrf: str) -> None:
    served.client.get(f"/?token={TOKEN}")
    address, page = screen(served.client, REMARKED)
    data = {**hidden(page, "harmless"), "csrf": csrf}
    assert served.client.post(address, data=data).status_code == 403
    other = fresh(served)
    other.get(f"/?token={TOKEN}")
    theirs = hidden(screen(other, REMARKED)[1], "harmless")["csrf"]
    assert served.client.post(address, data={**data, "csrf": theirs}).status_code == 403
    assert rows(Path(served.store.path)) == []


@pytest.mark.parametrize(
    "name",
    [
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/%2e%2e/command.py",
        "..%5capp.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "review.css%00.js",
        "decide.html.j2",
    ],
)
def test_paths_lead_to_nothing_but_the_pages_files(served: Served, name: str) -> None:
    served.client.get(f"/?token={TOKEN}")
    for page in (f"/static/{name}", f"/r/{name}", f"/r/{sha(REMARKED)}/{name}"):
        answer = served.client.get(page)
        assert "import" not in answer.text
        assert "root:" not in answer.text
        assert "{%" not in answer.text


def test_a_cookie_that_was_set_before_signing_in_is_not_the_session(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "users.txt"
    add(str(file), "王芳:decide", "correct horse")
    served = serve(path, Access("", users=load(str(file))))
    client = served.client
    client.cookies.set(COOKIE, "fixed")
    client.post("/login", data={"name": "王芳", "password": "correct horse"})
    assert client.get("/").status_code == 200
    attacker = fresh(served)
    attacker.cookies.set(COOKIE, "fixed")
    assert "/login" in str(attacker.get("/").url)
    mine = [one.value for one in client.cookies.jar if one.name == COOKIE]
    address, page = screen(client, REMARKED)
    csrf = hidden(page, "harmless")["csrf"]
    assert client.post("/logout", data={"csrf": csrf}).status_code == 200
    late = fresh(served)
    late.cookies.set(COOKIE, mine[-1] or "")
    assert "/login" in str(late.get(address).url)
    served.close()


def test_wrong_passwords_are_slowed_down_for_known_and_unknown_names(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "users.txt"
    add(str(file), "王芳:decide", "correct horse")
    served = serve(path, Access("", users=load(str(file))))
    tries = [
        served.client.post("/login", data={"name": name, "password": "guess"}).status_code
        for name in ("王芳", "nobody", "王芳", "nobody", "王芳", "王芳")
    ]
    assert tries == [403, 403, 403, 403, 403, 429]
    right = {"name": "王芳", "password": "correct horse"}
    assert served.client.post("/login", data=right).status_code == 429
    served.close()


def test_a_user_header_counts_from_the_proxy_alone(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    add(str(file), "wang:decide", "correct horse")
    access = Access("", users=load(str(file)), proxy="10.0.0.9")
    served = serve(path, access)
    header = {"x-forwarded-user": "wang"}
    assert served.client.get("/", headers=header).status_code == 403
    assert (
        fresh(served).get("/", headers={**header, "x-forwarded-for": "10.0.0.9"}).status_code == 403
    )
    stolen = fresh(served)
    stolen.cookies.set(COOKIE, "proxy wang")
    assert stolen.get("/").status_code == 403
    through = TestClient(served.client.app, base_url=BASE, client=("10.0.0.9", 5))
    assert through.get("/", headers=header).status_code == 200
    assert through.get("/").status_code == 403
    assert through.get("/", headers={"x-forwarded-user": "root"}).status_code == 403
    served.close()


def test_hostile_text_in_every_field_is_text(tmp_path: Path) -> None:
    text = with_figure(1, "{}" + HOSTILE.replace("\t", " "), "白川县" + HOSTILE + "林业局")
    path = store_of(tmp_path, {"<b>a.txt": text})
    served = serve(path)
    served.client.get(f"/?token={TOKEN}")
    for _ in range(3):
        address, page = screen(served.client, text)
        more = {"why": HOSTILE, "to": HOSTILE[:90]}
        for kind in ("note", "hand_on"):
            fields = {**hidden(page, kind), **more, "kind": kind}
            fields["id"] = os.urandom(16).hex()
            served.client.post(address, data=fields)
    pages = [
        served.client.get(one).text
        for one in ("/", address, "/history", f"/?text={HOSTILE}", f"/?agency={HOSTILE}&state=all")
    ]
    assert len(rows(path)) == 6
    for shown in pages:
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "54019" not in shown
    assert all("&lt;script&gt;" in shown for shown in pages[1:3])
    served.close()


def test_uploads_that_are_large_or_foreign_change_nothing(served: Served) -> None:
    served.client.get(f"/?token={TOKEN}")
    csrf = hidden(screen(served.client, REMARKED)[1], "harmless")["csrf"]
    headers = {"content-type": "application/x-ndjson", "x-csrf": csrf}
    line = (
        '{"id":"%032x","who":"x","when":"2026-11-28T08:00:00.000Z","kind":"note","source":"%064x",'
        '"code":"remark","why":"x"}\n'
    )
    million = "{}\n" * 1_000_000
    for data in (million, line % (1, 1), "x", "[]", line % (1, 1) + "{"):
        answer = served.client.post("/decisions.jsonl", content=data, headers=headers)
        assert answer.status_code == 400
        assert answer.text.count("\n") == 1
    bare = {"content-type": "application/x-ndjson"}
    answer = served.client.post("/decisions.jsonl", content=line % (1, 1), headers=bare)
    assert answer.status_code == 403
    address, _ = screen(served.client, REMARKED)
    assert served.client.post(address, data={"why": "x" * 70_000}).status_code == 413
    assert served.client.post(address, files={"f": b"x"}).status_code == 415
    assert rows(Path(served.store.path)) == []
    own = (line % (1, 1)).replace(f"{1:064x}", sha(REMARKED))
    assert served.client.post("/decisions.jsonl", content=own, headers=headers).text == "1 0\n"
    assert len(rows(Path(served.store.path))) == 1


@pytest.mark.parametrize(
    "given",
    [
        ["--bind", "0.0.0.0"],  # noqa: S104 - refused
        ["--bind", "0.0.0.0", "--users", "users.txt"],  # noqa: S104 - refused
        ["--bind", "example.org"],
        ["--proxy", "127.0.0.1"],
        ["--certificate", "c.pem"],
        ["--add-user", "x:decide"],
        ["--users", "nothing.txt"],
    ],
    ids=" ".join,
)
def test_beyond_this_machine_only_with_users_and_a_certificate(
    path: Path, tmp_path: Path, given: list[str]
) -> None:
    add(str(tmp_path / "users.txt"), "wang:decide", "correct horse")
    words = [str(tmp_path / one) if one.endswith(".txt") else one for one in given]
    with pytest.raises(UsageError) as refused:
        command("review")([str(path), "--no-browser", "-q", *words])
    assert "\n" not in str(refused.value)


def test_users_are_written_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    done = extract(
        "review", "x.db", "--users", file, "--add-user", "wang:decide", data=b"a secret\n"
    )
    assert done.returncode == 0
    assert load(str(file))["wang"].knows("a secret")
    short = extract("review", "x.db", "--users", file, "--add-user", "li:decide", data=b"short\n")
    assert short.returncode == 2
    assert list(load(str(file))) == ["wang"]


def test_the_server_runs_prints_its_address_and_ends_by_an_interrupt(path: Path) -> None:
    words = [sys.executable, "-m", "extractor", "review", str(path), "--no-browser"]
    running = subprocess.Popen(  # noqa: S603 - our own command
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment()
    )
    assert running.stdout is not None
    address = running.stdout.readline().decode().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{30,}", address)
    import httpx

    with httpx.Client(follow_redirects=True) as client:
        assert client.get(address).status_code == 200
        assert client.get(address.partition("?")[0]).status_code == 200
    assert httpx.get(address.partition("?")[0]).status_code == 403
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert b"Traceback" not in said


def test_a_store_that_is_none_is_an_error_in_one_line(tmp_path: Path) -> None:
    done = extract("review", tmp_path / "nothing.db")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
