"""The official forms change only by somebody's word: their cells, words, identities and rules across years."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from json import dumps

from tests.each import each
from verify import forms, labels

# As they were when they were code, and as the contract has them (tests/conftest.py lists the cells by name).
FROZEN = {
    "tables": "2b05405dae348756",
    "forms": "a49dc501bacee497",
    "applicants": "e9e1c2e23c5af122",
    "words": "b68e670e6732f44e",
    "phrases": "da184dff5b5b564e",
    "years": "3ffb393c2cb0d13a",
}


def told(what: str) -> object:
    if what == "tables":
        return [asdict(table) for one in forms.every_form() for table in one.tables]
    if what == "forms":
        return [
            (one.id, one.variant, list(one.kinds.items()), [asdict(i) for i in one.identities])
            for one in forms.every_form()
        ]
    if what == "applicants":
        return [asdict(column) for column in forms.APPLICANTS]
    if what == "words":
        read = forms.DISCLOSURE
        return [forms.FORM_DATA_VERSION, list(read.headings.items()), read.ends, read.titles]
    if what == "phrases":
        return [
            (phrase, sorted((kind, sorted(a), sorted(b)) for kind, (a, b) in kinds.items()))
            for phrase, kinds in labels.PHRASES.items()
        ]
    return [asdict(one) for one in forms.DISCLOSURE.years]


@each("what", FROZEN)
def test_the_forms_are_as_they_were_frozen(what: str) -> None:
    plain = dumps(told(what), ensure_ascii=False, sort_keys=True, default=str)
    assert sha256(plain.encode()).hexdigest()[:16] == FROZEN[what]
