"""The web application: what is asked, who asks, and the page that answers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from extractor.catalogue import LANGS, Catalogue, Lang
from extractor.errors import GoujiError
from extractor.render._html import TEMPLATES, environment
from extractor.render._words import WORDS as VIEWS
from extractor.review.access import COOKIE, Access, Session
from extractor.review.desk import Desk, RefusedError
from extractor.review.gate import (
    Asked,
    StoppedError,
    admit,
    check_form,
    check_origin,
    number_in,
    take_body,
)
from extractor.review.screen import Screen

if TYPE_CHECKING:
    from extractor.review.cases import Case
    from extractor.review.users import Role

WORDS = Catalogue("review")
OWN = os.path.join(os.path.dirname(__file__), "templates")
_PAGE = 50
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STATIC = {
    "page.css": (TEMPLATES, "text/css"),
    "review.css": (OWN, "text/css"),
    "review.js": (OWN, "text/javascript"),
}
Handler = Callable[[Asked], Response]


class Application:
    """The pages over one desk.

    Args:
        desk: Takes the decisions.
        access: Says who may.
        lang: Of the pages, until somebody chooses the other.
    """

    def __init__(self, desk: Desk, access: Access, lang: Lang) -> None:
        self.desk, self.access, self.lang = desk, access, lang
        self.pages = environment((OWN, TEMPLATES))

    def app(self) -> Starlette:
        """As a server runs it."""
        return Starlette(
            routes=[
                self._route("/", self.queue, "read"),
                self._route("/next", self.next, "read"),
                self._route("/history", self.history, "read"),
                self._route("/r/{sha256}", self.report, "read"),
                self._route("/r/{sha256}/{key}", self.screen, "read"),
                self._route("/r/{sha256}/{key}", self.decide, "decide", "POST"),
                self._route("/undo", self.undo, "decide", "POST"),
                self._route("/decisions.jsonl", self.export, "read"),
                self._route("/decisions.jsonl", self.import_, "administer", "POST"),
                self._route("/login", self.login, None),
                self._route("/login", self.signed_in, None, "POST"),
                self._route("/logout", self.logout, "read", "POST"),
                Route("/static/{name}", self.static, methods=["GET"]),
            ]
        )

    # --- every request

    def _route(self, path: str, handler: Handler, role: Role | None, method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            lang = self._lang(request)
            asked = Asked(request, None, lang)
            try:
                check_origin(self.access, request, method)
                admit(self.access, asked, role, method)
                if asked.session is None and role is not None:
                    return self._safe(self._let_in(request))
                if method == "POST":
                    await take_body(asked)
                    check_form(asked)
                answer = await run_in_threadpool(handler, asked)
            except StoppedError as stopped:
                what = WORDS[lang].stopped[stopped.name].format(**stopped.facts)
                answer = self._page(asked, "stopped.html.j2", stopped.status, what=what)
            except GoujiError as error:
                answer = self._page(asked, "stopped.html.j2", 500, what=str(error))
            except Exception as error:
                if os.environ.get("GOUJI_DEBUG"):
                    raise
                what = WORDS[lang].stopped["internal"].format(error=type(error).__name__)
                answer = self._page(asked, "stopped.html.j2", 500, what=what)
            if request.query_params.get("lang") in LANGS:
                answer.set_cookie("lang", lang, samesite="strict", httponly=True)
            return self._safe(answer)

        return Route(path, endpoint, methods=[method])

    @staticmethod
    def _safe(answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    def _lang(self, request: Request) -> Lang:
        chosen = request.query_params.get("lang") or request.cookies.get("lang", "")
        return next((one for one in LANGS if one == chosen), self.lang)

    def _let_in(self, request: Request) -> Response:
        """Who has the token of the address, or comes to sign in; nobody else."""
        given = request.query_params.get("token", "")
        session = self.access.by_token(given) if given else None
        if session is not None:
            rest = [(k, v) for k, v in request.query_params.multi_items() if k != "token"]
            answer = RedirectResponse(_address(request.url.path, urlencode(rest)), 303)
            return self._with_cookie(answer, session)
        if self.access.users and not self.access.proxy:
            return RedirectResponse("/login", 303)
        words = WORDS[self._lang(request)].stopped
        return PlainTextResponse(words["token" if self.access.token else "nobody"] + "\n", 403)

    def _with_cookie(self, answer: Response, session: Session) -> Response:
        answer.set_cookie(
            COOKIE, session.id, httponly=True, samesite="strict", secure=self.access.secure
        )
        return answer

    def _page(self, asked: Asked, template: str, status: int = 200, **more: Any) -> Response:
        text = self.pages.get_template(template).render(
            w=WORDS[asked.lang],
            lang=asked.lang,
            session=asked.session,
            filters=asked.filters,
            address=_address,
            pending=self.desk.pending,
            form_id=lambda: secrets.token_hex(16),
            **more,
        )
        return HTMLResponse(text, status)

    def _case(self, asked: Asked) -> Case:
        case = self.desk.queue.case(asked.request.path_params["sha256"])
        if case is None:
            raise StoppedError(404, "no_report")
        return case

    # --- pages

    def queue(self, asked: Asked) -> Response:
        """What to decide, in order."""
        wanted = asked.wanted
        first = number_in(asked.request.query_params.get("from", "")[:9])
        cases = list(self.desk.queue.all(wanted, asked.who))
        every = self.desk.queue.by_sha.values()
        codes = sorted({one.code for case in every for one in case.items})
        return self._page(
            asked,
            "queue.html.j2",
            cases=cases[first : first + _PAGE],
            count=len(cases),
            first=first,
            page=_PAGE,
            wanted=wanted,
            codes=codes,
            v=VIEWS[asked.lang],
            queue=self.desk.queue,
            row=lambda case: Screen.line(self.desk, case, wanted, asked.who, asked.lang),
        )

    def next(self, asked: Asked) -> Response:
        """On to the next item."""
        given = asked.request.query_params
        after, back = (given.get("after", ""), given.get("key", "")), "back" in given
        found = self.desk.queue.following(*after, asked.wanted, asked.who, back=back)
        return self._on(found, asked.filters)

    @staticmethod
    def _on(found: tuple[Case, str] | None, query: str) -> Response:
        """To an item, or to the queue where none is left."""
        path = "/" if found is None else f"/r/{found[0].sha256}/{found[1]}"
        return RedirectResponse(_address(path, query), 303)

    def report(self, asked: Asked) -> Response:
        """The first item of a report that is open, or the report without one."""
        case = self._case(asked)
        key = next(iter(case.open), case.items[0].key if case.items else "-")
        return RedirectResponse(_address(f"/r/{case.sha256}/{key}", asked.filters), 303)

    def screen(self, asked: Asked, status: int = 200, notice: str = "") -> Response:
        """One thing to decide."""
        case, key = self._case(asked), asked.request.path_params["key"]
        self.desk.queue.look(case.sha256, asked.who)
        screen = Screen(self.desk, case, case.item(key), asked.wanted, asked.who, asked.lang)
        done = asked.request.query_params.get("done", "")
        undoable = self.desk.decided.by_id.get(done)
        return self._page(
            asked, "decide.html.j2", status, s=screen, v=screen.view, notice=notice, done=undoable
        )

    def decide(self, asked: Asked) -> Response:
        """Take a decision, and on to the next."""
        case, key = self._case(asked), asked.request.path_params["key"]
        others = self._meanwhile(asked, case, key)
        if others:
            words = WORDS[asked.lang].stopped["meanwhile"]
            return self.screen(asked, 409, words.format(who="、".join(others)))
        # where to go is found before: a decision may take the item itself away
        after = self.desk.queue.following(case.sha256, key, asked.wanted, asked.who)
        try:
            self.desk.decide(asked.who, case.sha256, key, asked.form)
        except RefusedError as refused:
            return self.screen(asked, 422, WORDS[asked.lang].refused[str(refused)])
        more = {"done": asked.form.get("id", "")}
        query = "&".join(part for part in (asked.filters, urlencode(more)) if part)
        if asked.form.get("kind") in ("note", "enter"):
            now = self.desk.queue.by_sha[case.sha256]
            stay = key if now.item(key) else next(iter(now.open), None)
            if stay is not None:
                after = case, stay
        return self._on(after, query)

    def _meanwhile(self, asked: Asked, case: Case, key: str) -> list[str]:
        """Who else decided on this item since the form was made."""
        item = case.item(key)
        seen = number_in(asked.form.get("seen", "")[:18])
        if item is None:
            return []
        about = {one.about(case.sha256) for one in item.findings}
        since = (one for n, one in self.desk.decided.numbered(case.sha256) if n > seen)
        return sorted({one.who for one in since if one.who != asked.who and one.about in about})

    def undo(self, asked: Asked) -> Response:
        """Take a decision back."""
        form = {**asked.form, "kind": "undo"}
        undone = self.desk.decided.by_id.get(form.get("undoes", ""))
        if undone is None or asked.session is None:
            raise StoppedError(404, "gone")
        administers = asked.session.may("administer")
        try:
            self.desk.decide(asked.who, undone.source, "", form, administer=administers)
        except RefusedError as refused:
            raise StoppedError(422, str(refused)) from None
        return RedirectResponse(_address(f"/r/{undone.source}", asked.filters), 303)

    def history(self, asked: Asked) -> Response:
        """What was decided, the latest first, and how far people agree."""
        from verify.decisions import not_undone

        rows = sorted(self.desk.decided.by_id.values(), key=lambda one: one.when, reverse=True)
        stands = {one.id for one in not_undone(rows)}
        return self._page(
            asked,
            "history.html.j2",
            rows=rows[:500],
            count=len(rows),
            stands=stands,
            agreement=self.desk.agreement(),
            counts=self.desk.counts().most_common(),
            cases=self.desk.queue.by_sha,
            label=lambda one: Screen.about(one, asked.lang),
        )

    def export(self, asked: Asked) -> Response:  # noqa: ARG002 - every handler takes it
        """All decisions as JSON lines."""
        from extractor.decisions import lines

        text = "".join(lines(self.desk.decided.by_id.values()))
        return Response(text, media_type="application/x-ndjson")

    def import_(self, asked: Asked) -> Response:
        """Decisions of another store; all or none."""
        from extractor.decisions import parse

        try:
            added, there, _ = self.desk.import_(parse(asked.body, "decisions"))
        except GoujiError as error:
            return PlainTextResponse(f"{error}\n", 400)
        return PlainTextResponse(f"{added} {there}\n")

    # --- signing in

    def login(self, asked: Asked, status: int = 200, notice: str = "") -> Response:
        """Name and password."""
        if not self.access.users:
            raise StoppedError(404, "gone")
        return self._page(asked, "login.html.j2", status, notice=notice)

    def signed_in(self, asked: Asked) -> Response:
        """A session for who knows the password."""
        client = asked.request.client.host if asked.request.client else ""
        form, words = asked.form, WORDS[asked.lang].stopped
        found = self.access.by_password(client, form.get("name", ""), form.get("password", ""))
        if isinstance(found, float):
            return self.login(asked, 429, words["wait"].format(seconds=round(found)))
        if found is None:
            return self.login(asked, 403, words["password"])
        return self._with_cookie(RedirectResponse("/", 303), found)

    def logout(self, asked: Asked) -> Response:
        """End the session."""
        if asked.session is not None:
            self.access.end(asked.session)
        answer = RedirectResponse("/login" if self.access.users else "/", 303)
        answer.delete_cookie(COOKIE)
        return answer

    def static(self, request: Request) -> Response:
        """The style and the script: files of this package, by name."""
        found = _STATIC.get(request.path_params["name"])
        if found is None or not self.access.may_be_asked_as(request.headers.get("host", "")):
            return self._safe(PlainTextResponse("not found\n", 404))
        with open(os.path.join(found[0], request.path_params["name"]), encoding="utf-8") as file:
            return self._safe(Response(file.read(), media_type=found[1]))


def _address(path: str, query: str | Mapping[str, str] = "") -> str:
    text = query if isinstance(query, str) else urlencode(query)
    return f"{path}?{text}" if text else path
