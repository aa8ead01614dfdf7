"""``python -m tests.scripted.record``: record anew what the scripted model answers about the golden cases.

The answers in ``golden/recorded`` are scripted: written by code from what is expected of the cases, by no model.
Replayed, they show that every prompt that is released was run through the golden cases in its present text,
and that the code still makes the same of the same answers. Recorded answers of a real model are made in the
same way: ``extract golden check --model openai/NAME --cache DIR``.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from extractor.cli import main as extract
from tests.loopback import Call, Server, scripted
from tests.scripted.golden import GoldenModel

RECORDED = Path(__file__).resolve().parents[2] / "golden" / "recorded"
MODEL = "openai/scripted"


def main() -> int:
    """Ask everything anew; 0 when the scripted model is qualified with a prompt."""
    shutil.rmtree(RECORDED, ignore_errors=True)
    model = GoldenModel()

    def answer(call: Call) -> str:
        return model(call.system, call.user)

    with Server(scripted(answer)) as server:
        return extract(
            [
                "golden",
                "check",
                "--model",
                MODEL,
                "--base-url",
                server.url,
                "--prompt",
                "auto",
                "--cache",
                str(RECORDED),
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
