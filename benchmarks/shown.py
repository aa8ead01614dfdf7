"""Tokens where whole sections are shown: ``python -m benchmarks.shown``, over the hard reports of the tests.

Both designs are answered by somebody who knows the truth: ours by the oracle of the tests, question by question as the
ladder asks them, the straightforward one by every right figure. Tokens are DeepSeek's.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

import prompts
from benchmarks import straightforward, tokens_count
from benchmarks.tokens_server import Exchange, Tokens, compact
from extractor.ladder import Builtin, LanguageModel, climb
from extractor.models.modes import Habit, parameters
from extractor.readers.model import Interview
from tests.oracle import Oracle, Source, sources
from tests.scripted.ask import Script
from verify.layout import lay_out


def ours(source: Source) -> Iterator[Exchange]:
    """What is asked about a report, and answered."""
    oracle = Oracle(source.truth)
    answers: list[str] = []

    def answer(system: str, user: str) -> str:
        answers.append(oracle(system, user))
        return answers[-1]

    script = Script(answer)
    reader = Interview(prompts.load(prompts.USUAL), ask=script)
    climb(lay_out(source.text, source.document), [Builtin(), LanguageModel("openai/o", reader)])
    for question, said in zip(script.asked, answers, strict=True):
        asked_by = parameters(
            Habit("json_schema"), question.shape, room=question.room, temperature=0
        )
        schema = compact(asked_by["response_format"])
        yield Exchange((question.system, question.user), schema, said)


def theirs(source: Source) -> Exchange:
    """The whole report, and a number a cell."""
    form = Oracle(source.truth).form
    figures = {
        n: None if (v := source.truth.get(n)) is None else Decimal(str(v)) for n in form.cells
    }
    model = straightforward.Report
    schema = {"type": "json_schema", "json_schema": {"schema": model.model_json_schema()}}
    answer = straightforward.right_answer(form, figures, model)
    return Exchange((straightforward.SYSTEM, source.text), compact(schema), compact(answer))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shown", description=__doc__)
    parser.add_argument("--cases", default="", help="folder of cases, those with needs: model")
    options = parser.parse_args()
    count = tokens_count.deepseek()
    cases = sources("cases", folder=options.cases) if options.cases else iter(())
    whole = Tokens(), Tokens()
    print(f"{'':44}questions    ours  theirs   ratio")
    for source in chain(sources("hard"), cases):
        asked = list(ours(source))
        if not any('"skip"' in one.messages[0] for one in asked):
            continue
        a, b = sum((one.tokens(count) for one in asked), Tokens()), theirs(source).tokens(count)
        whole = whole[0] + a, whole[1] + b
        print(f"{source.name:44}{a.requests:9}{a.sum:8,}{b.sum:8,}{a.sum / b.sum:8.2f}")
    a, b = whole
    print(f"{'total':44}{a.requests:9}{a.sum:8,}{b.sum:8,}{a.sum / b.sum:8.2f}")
    print(
        f"without schemas {a.sum_without_schema / b.sum_without_schema:.2f}, output {a.output / b.output:.2f}"
    )


if __name__ == "__main__":
    main()
