"""A scripted service in a process of its own, cheap on processor time: for runs of thousands of requests.

One event loop, connections kept alive, whole responses after a fixed time, and faults by chance. What it saw is
told when its ``with`` block ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import multiprocessing
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Literal, Self

Answer = Callable[[str, str], str]
Fault = Literal["limited", "limited_later", "failing", "cut", "cut_within", "silent"]
FAULTS: tuple[Fault, ...] = ("limited", "limited_later", "failing", "cut", "cut_within", "silent")
"""A 429 with Retry-After, the same in milliseconds, a 500, a connection reset before or within the answer, and
no answer at all."""
_PATIENCE = 30
_MOST_BODY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server saw.

    Attributes:
        requests: That arrived whole.
        most_in_flight: Between arrival and the end of the response.
        starts: When they arrived, seconds of a clock that all processes of this machine share.
        successes: How often each question was answered, by the hash of model and messages.
        questions: The hashes of all that was asked.
        faults: How often each fault was played.
        connections: That were opened.
        seconds: Processor time of the server.
    """

    requests: int = 0
    most_in_flight: int = 0
    starts: tuple[float, ...] = ()
    successes: Mapping[str, int] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()
    faults: Mapping[str, int] = field(default_factory=dict)
    connections: int = 0
    seconds: float = 0.0

    def most_within(self, seconds: float) -> int:
        """Most requests that arrived within any window of so many seconds."""
        starts = sorted(self.starts)
        most = first = 0
        for last, at in enumerate(starts):
            while at - starts[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most


class SwiftServer:
    """A server for the length of a ``with`` block; `seen` is told at its end, or by `look` before.

    Args:
        answer: Makes the text of an answer from the two messages; a function that can be pickled.
        latency: Seconds from the arrival of a request to its response.
        faults: Share of the requests that meet a fault, from 0 to 1.
        seed: Of the faults.
        kinds: The faults that are played.
        retry_after: Seconds that a 429 asks to wait; ``limited`` says so in whole seconds.
        silence: Seconds after which a connection that gets no answer is dropped.
        gathers: How many requests must have arrived before the first is answered.
        holds_after: How many answers it gives before it holds all others, until `release`.
    """

    def __init__(
        self,
        answer: Answer,
        latency: float = 0.0,
        faults: float = 0.0,
        seed: int = 0,
        *,
        kinds: tuple[Fault, ...] = FAULTS,
        retry_after: float = 1.0,
        silence: float = 60.0,
        gathers: int = 0,
        holds_after: int | None = None,
    ) -> None:
        self._script = _Script(
            answer, latency, faults, seed, kinds, retry_after, silence, gathers, holds_after
        )
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self.seen = Seen()
        self.port = 0

    @property
    def url(self) -> str:
        """The base URL that a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_main, args=(self._script, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.port = self._told()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process, pipe = self._process, self._pipe
        assert process is not None
        assert pipe is not None
        try:
            with contextlib.suppress(OSError, EOFError):
                pipe.send("end")
                self.seen = self._told()
        finally:
            pipe.close()
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    def look(self) -> Seen:
        """What it saw so far."""
        return self._say("look")

    def release(self) -> Seen:
        """Let it give the answers that it holds, and all others; what it saw before."""
        return self._say("release")

    def _say(self, word: str) -> Seen:
        assert self._pipe is not None
        self._pipe.send(word)
        self.seen = self._told()
        return self.seen

    def _told(self) -> Any:
        assert self._pipe is not None
        if not self._pipe.poll(_PATIENCE):
            raise RuntimeError("the scripted server does not answer")
        return self._pipe.recv()


@dataclass(frozen=True, slots=True)
class _Script:
    answer: Answer
    latency: float
    faults: float
    seed: int
    kinds: tuple[Fault, ...]
    retry_after: float
    silence: float
    gathers: int
    holds_after: int | None


def question_hash(model: str, system: str, user: str) -> str:
    """By which `Seen` tells questions apart."""
    return hashlib.sha256(json.dumps([model, system, user]).encode()).hexdigest()[:16]


def _main(script: _Script, pipe: Connection) -> None:
    asyncio.run(_Swift(script, pipe).run())


class _Swift:
    def __init__(self, script: _Script, pipe: Connection) -> None:
        self._script = script
        self._pipe = pipe
        self._chance = random.Random(script.seed)
        self._in_flight = self._most = self._connections = 0
        self._starts: list[float] = []
        self._successes: Counter[str] = Counter()
        self._questions: set[str] = set()
        self._faults: Counter[str] = Counter()
        self._gathered = asyncio.Event()
        self._released = asyncio.Event()
        self._left = script.holds_after
        self._ended = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        asyncio.get_running_loop().add_reader(self._pipe.fileno(), self._command)
        self._pipe.send(server.sockets[0].getsockname()[1])
        await self._ended.wait()
        asyncio.get_running_loop().remove_reader(self._pipe.fileno())
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _command(self) -> None:
        try:
            word = self._pipe.recv()
        except (EOFError, OSError):  # whoever started it is gone
            self._ended.set()
            return
        self._pipe.send(
            Seen(
                len(self._starts),
                self._most,
                tuple(self._starts),
                dict(self._successes),
                frozenset(self._questions),
                dict(self._faults),
                self._connections,
                time.process_time(),
            )
        )
        if word == "end":
            self._ended.set()
        elif word == "release":
            self._released.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(
            OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError
        ):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                if not await self._one(body, reader, writer):
                    break
        self._tasks.discard(task)
        writer.close()

    async def _one(
        self, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """One request; whether the connection is kept."""
        self._starts.append(time.monotonic())
        self._in_flight += 1
        self._most = max(self._most, self._in_flight)
        script = self._script
        try:
            played = self._chance.random() < script.faults
            fault = self._chance.choice(script.kinds) if played else None
            if fault is not None:
                self._faults[fault] += 1
            asked = json.loads(body)
            told = {message["role"]: message["content"] for message in asked["messages"]}
            system, user = told.get("system", ""), told.get("user", "")
            key = question_hash(asked["model"], system, user)
            self._questions.add(key)
            if fault == "silent":
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), script.silence)
                return False
            if script.latency:
                await asyncio.sleep(script.latency)
            if fault is not None:
                return await self._fault(fault, writer)
            await self._hold()
            made = _response(200, _completion(script.answer(system, user), system, user))
            writer.write(made)
            await writer.drain()
            self._successes[key] += 1
            return True
        finally:
            self._in_flight -= 1

    async def _hold(self) -> None:
        """Wait until enough have arrived, then until an answer may be given."""
        if self._in_flight >= self._script.gathers:
            self._gathered.set()
        with contextlib.suppress(TimeoutError):  # `Seen` tells of a client that never has so many
            await asyncio.wait_for(self._gathered.wait(), _PATIENCE)
        self._gathered.set()
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                await self._released.wait()

    async def _fault(self, fault: Fault, writer: asyncio.StreamWriter) -> bool:
        wait = self._script.retry_after
        if fault in ("cut", "cut_within"):
            if fault == "cut_within":
                writer.write(_response(200, {"choices": []})[:-20])
                await writer.drain()
            line: socket.socket = writer.get_extra_info("socket")
            # a socket that lingers for no time sends a reset instead of an end
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if fault == "failing":
            writer.write(_response(500, {"error": {"message": "scripted"}}))
        elif fault == "limited":
            said = f"Retry-After: {max(1, round(wait))}\r\n"
            writer.write(_response(429, {"error": {"message": "slow down"}}, said))
        else:
            said = f"Retry-After-Ms: {wait * 1000:.0f}\r\n"
            writer.write(_response(429, {"error": {"message": "slow down"}}, said))
        await writer.drain()
        return True


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return min(int(value), _MOST_BODY)
    return 0


def _completion(text: str, system: str, user: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    asked = len(system) + len(user)
    return {
        "id": "chatcmpl-swift",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": len(text),
            "total_tokens": asked + len(text),
        },
    }


def _response(status: int, body: object, headers: str = "") -> bytes:
    content = json.dumps(body, ensure_ascii=False).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


__all__ = ["FAULTS", "Answer", "Fault", "Seen", "SwiftServer", "question_hash"]
