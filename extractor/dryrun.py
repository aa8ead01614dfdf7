"""What would be sent for a report, with an estimate of tokens and cost; nothing is sent."""

from __future__ import annotations

from decimal import Decimal
from typing import TextIO
from urllib.parse import urlsplit

from extractor.models.prices import Prices
from extractor.models.settings import OFFICIAL, checked_url, parse_model
from extractor.models.tokens import estimate
from extractor.readers import builtin
from extractor.readers.model import Interview
from extractor.rungs import Asking, checked, prompt_for
from verify.layout import Layout


def show(layout: Layout, asking: Asking, base_url: str | None, out: TextIO) -> None:
    """Print the first questions about a report for each language model of a ladder.

    Args:
        layout: The report.
        asking: How models are asked.
        base_url: Address of the service, as option or environment have it.
        out: Where to print.

    Raises:
        UsageError: A prompt or a file of prices that cannot be.
    """
    checked(asking)
    prices = Prices.load(asking.prices)
    url = checked_url(base_url or OFFICIAL, insecure=asking.insecure)
    service = urlsplit(url).netloc
    for name in asking.models:
        if name == builtin.NAME:
            print("builtin: sends nothing", file=out)
            continue
        model = parse_model(name)
        prompt = prompt_for(model, asking)
        questions = Interview(prompt).questions(layout)
        tokens, room = 0, 0
        most: Decimal | None = Decimal(0)
        for number, question in enumerate(questions, start=1):
            about = estimate(question.system) + estimate(question.user)
            tokens += about * asking.votes
            room += question.room * asking.votes
            cost = prices.most(model.name, about, question.room, service)
            most = None if most is None or cost is None else most + cost * asking.votes
            print(
                f"--- {model.full}, question {number} of {len(questions)}: {question.about}, "
                f"prompt {prompt.name}, about {about} tokens in, at most {question.room} out",
                file=out,
            )
            print(f"[system]\n{question.system}\n[user]\n{question.user}", file=out)
        cost_text = "cost not known" if most is None else f"at most {most.normalize():f} USD"
        print(
            f"--- {model.full} at {service}: {len(questions) * asking.votes} requests, "
            f"about {tokens} tokens in, at most {room} out, {cost_text}; nothing was sent. More "
            "only when the verifier does not trust the answers",
            file=out,
        )
