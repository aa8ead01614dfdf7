"""A scripted batch service on loopback: files and batches as OpenAI has them, with what goes wrong there.

It answers every line of a batch after a few looks, in another order. The faults are played by chance: a batch expires
half done, a file is served in part, a line comes twice or is no JSON, a line ends in an error, a batch is made though
its response is lost, or only a while after that, a request meets a 500.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback.server import Call, Handler, Response, Server

Answer = Callable[[str, str], str]
FAULTS = ("expired", "partial", "twice", "garbage", "error", "lost", "late", "busy")
_LATE = 0.2


class BatchServer(Server):
    """A server for the length of a ``with`` block; it lives on while its clients die and come again.

    Args:
        answer: Makes the text of an answer from the two messages.
        faults: Those that are played.
        share: How often each is that meets a line; those that meet a request are three times as frequent.
        seed: Of chance.
        seconds: From the making of a batch to its end.
        most_lines: A file with more is refused.

    Attributes:
        paid: How often each line was answered, by its custom_id.
        batches: How many were made.
        played: How often each fault was.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        faults: tuple[str, ...] = (),
        share: float = 0.2,
        seed: int = 0,
        seconds: float = 0.0,
        most_lines: int = 50_000,
    ) -> None:
        super().__init__(self._act, most_calls=100_000)
        self.answer, self.kinds, self.share = answer, faults, share
        self.seconds, self.most_lines = seconds, most_lines
        self.paid: Counter[str] = Counter()
        self.played: Counter[str] = Counter()
        self.batches = 0
        self._chance = random.Random(seed)
        self._files: dict[str, bytes] = {}
        self._numbers = itertools.count()
        self._made: dict[str, dict[str, Any]] = {}
        self._state = threading.Lock()

    def _plays(self, fault: str) -> bool:
        share = self.share if fault in ("error", "twice") else 3 * self.share
        plays = fault in self.kinds and self._chance.random() < share
        self.played[fault] += plays
        return plays

    def post_file(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """A file is sent."""
        content = re.split(rb"\r\n\r\n", body.split(b'filename="', 1)[1], maxsplit=1)[1]
        content = content[: content.rindex(b"\r\n--")].split(b"\r\n--")[0]
        if content.count(b"\n") > self.most_lines:
            return 400, {"error": {"message": "too many lines", "code": "invalid_file"}}
        id = f"file-{next(self._numbers)}"
        self._files[id] = content
        return 200, {"id": id, "object": "file", "bytes": len(content), "purpose": "batch"}

    def post_batch(self, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A batch is made, and worked on at once."""
        if wanted["input_file_id"] not in self._files:
            return 404, {"error": {"message": "no such file", "code": "invalid_file"}}
        self.batches += 1
        id = f"batch_{self.batches}"
        lines = [json.loads(line) for line in self._files[wanted["input_file_id"]].splitlines()]
        names = [line["custom_id"] for line in lines]
        assert len(set(names)) == len(names), "a custom_id stands twice in a file"
        self._chance.shuffle(lines)
        status = "completed"
        if self._plays("expired"):
            status, lines = "expired", lines[: len(lines) // 2]
        out: list[bytes] = []
        wrong: list[bytes] = []
        for line in lines:
            if self._plays("error"):
                error = {"status_code": 500, "body": {"error": {"message": "server error"}}}
                wrong.append(_line({"custom_id": line["custom_id"], "response": error}))
                continue
            made = _line({**self._completed(line), "error": None})
            out += [made] * (1 + self._plays("twice"))
        self._files[f"{id}-out"], self._files[f"{id}-err"] = b"".join(out), b"".join(wrong)
        self._made[id] = {
            "id": id,
            "object": "batch",
            "endpoint": wanted["endpoint"],
            "input_file_id": wanted["input_file_id"],
            "completion_window": "24h",
            "created_at": int(time.time()),
            "status": status,
            "ends": time.monotonic() + self.seconds,
            "metadata": wanted.get("metadata"),
            "output_file_id": f"{id}-out" if out else None,
            "error_file_id": f"{id}-err" if wrong else None,
            "request_counts": {
                "total": len(names),
                "completed": len(lines) - len(wrong),
                "failed": len(wrong),
            },
        }
        return 200, self.look(id)

    def post_late(self, wanted: dict[str, Any]) -> None:
        """A batch is made when who wanted it has given up."""
        with self._state:
            self.post_batch(wanted)

    def listed(self, limit: int, after: str) -> dict[str, Any]:
        """A page of the batches, the newest first."""
        ids = list(reversed(self._made))
        ids = ids[ids.index(after) + 1 :] if after else ids
        data = [self.look(id) for id in ids[:limit]]
        return {"object": "list", "data": data, "has_more": len(ids) > limit}

    def _completed(self, line: dict[str, Any]) -> dict[str, Any]:
        self.paid[line["custom_id"]] += 1
        body = self.online(line["body"])
        return {"custom_id": line["custom_id"], "response": {"status_code": 200, "body": body}}

    def online(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A question that is answered at once."""
        system, user = (message["content"] for message in asked["messages"])
        return {
            "id": "chatcmpl",
            "object": "chat.completion",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": self.answer(system, user)},
                }
            ],
            "usage": {"prompt_tokens": 1000 + len(user), "completion_tokens": 50},
        }

    def look(self, id: str) -> dict[str, Any]:
        """A batch as it is now."""
        made = self._made[id]
        shown = {name: value for name, value in made.items() if name != "ends"}
        if time.monotonic() < made["ends"]:
            shown |= {"status": "in_progress", "output_file_id": None, "error_file_id": None}
        return shown

    def content(self, id: str) -> bytes:
        """A file; now and then its first part alone, or with a line that is none."""
        content = self._files[id]
        if self._plays("partial"):
            return content[: len(content) * 2 // 3]
        return b"\xff{not a line\n" + content if self._plays("garbage") else content

    def _act(self, handler: Handler, call: Call) -> None:
        if call.path.endswith("/chat/completions"):
            handler.reply(Response(200, self.online(call.body)))
            return
        with self._state:
            made = self._posted(handler, call) if call.method == "POST" else self._asked(call)
        if made is not None:
            handler.reply(made)

    def _posted(self, handler: Handler, call: Call) -> Response | None:
        """A file or a batch; None where no response comes, though the batch may be made."""
        if self._plays("busy"):
            return Response(500, {"error": {"message": "try again"}})
        if call.path.endswith("/files"):
            return Response(*self.post_file(call.raw))
        handler.close_connection = True
        if self._plays("late"):
            threading.Timer(_LATE, self.post_late, (call.body,)).start()
            return None
        response = Response(*self.post_batch(call.body))
        return None if self._plays("lost") else response

    def _asked(self, call: Call) -> Response:
        """A file, the batches or one of them; or a file goes."""
        path, *_, query = urlsplit(call.path)[2:4]
        id = path.split("/")[-1]
        if call.method == "DELETE":
            self._files.pop(id, None)
            return Response(200, {"id": id, "object": "file", "deleted": True})
        if path.endswith("/content"):
            return Response(200, self.content(path.split("/")[-2]))
        if path.endswith("/batches"):
            asked = parse_qs(query)
            return Response(200, self.listed(int(asked["limit"][0]), asked.get("after", [""])[0]))
        return Response(200, self.look(id))


def _line(made: dict[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode() + b"\n"


__all__ = ["FAULTS", "BatchServer"]
