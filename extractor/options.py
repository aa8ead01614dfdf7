"""The options of the command line that are about language models."""

from __future__ import annotations

import argparse

_MODES = ("auto", "json_schema", "json_object", "text", "tools")  # as extractor.models.settings has


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add ``--model``."""
    parser.add_argument(
        "--model", default="builtin", metavar="M[,M…]",
        help="the readers to try in order: builtin (default; no key, no network) or openai/NAME "
        "(any OpenAI-compatible service)",
    )  # fmt: skip


def add_asking(parser: argparse.ArgumentParser, *, batch: bool = False) -> None:
    """Add everything that says how a language model is asked; a batch keeps answers in its store."""
    group = parser.add_argument_group(
        "language models", "the key is read from OPENAI_API_KEY or --key-file, never from an option"
    )
    add = group.add_argument
    add("--base-url", metavar="URL", help="address of the service (or OPENAI_BASE_URL)")
    add("--key-file", metavar="FILE", help="a file that holds the key and nothing else")
    add("--insecure", action="store_true", help="allow plain http beyond this machine")
    add("--timeout", type=float, metavar="S", help="most seconds of one request (default 60)")
    add("--deadline", type=float, metavar="S",
        help="most seconds of one question with its retries (default 180)")  # fmt: skip
    add("--mode", choices=_MODES, default="auto",
        help="how the shape of an answer is asked for (default: what the service takes)")  # fmt: skip
    add("--prompt", metavar="ID", help="the prompt (default: by the model's name; auto: the best of "
        "the golden runs on record)")  # fmt: skip
    add("--votes", type=int, default=1, metavar="N",
        help="ask N samples; rows on which most do not agree are not read")  # fmt: skip
    add("--max-requests", type=int, metavar="N", help="send no more than N requests" + ("" if batch else " (default 60)"))  # fmt: skip
    add("--max-cost", metavar="USD", help="send nothing that could cost more in all")
    add("--prices", metavar="FILE", help="prices of models, TOML, before those that come along")
    if not batch:
        add("--cache", metavar="DIR", help="keep complete answers here and do not ask them again")
    kept = "the store" if batch else "--cache"
    add("--offline", action="store_true", help=f"answer from {kept} alone, send nothing")
    add("--require-qualified", action="store_true",
        help="take nothing from a model and prompt that did not pass extract golden check")  # fmt: skip
