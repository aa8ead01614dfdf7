"""Every reason code, once: severity, the verdict it forces, its rule, what it says in Chinese and English.

They stand in ``codes.toml`` beside this module. Codes are stable: scripts match on them. Messages are
formatted with the finding's own fields (``{cells}``, ``{expected}``, ``{actual}``, ``{rule}``,
``{detail}``); report text never is a template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from verify.data import toml_of
from verify.verdicts import ForcedVerdict

Severity = Literal["error", "warning", "info"]
Forces = ForcedVerdict | None


@dataclass(frozen=True, slots=True)
class Code:
    """What a reason code means.

    Attributes:
        severity: How it is shown.
        forces: The verdict that one such reason is enough for, if any.
        zh: Message in Chinese.
        en: Message in English.
        about: "reports" or "readers" where neither source nor spans can confirm it, else "source".
    """

    severity: Severity
    forces: Forces
    zh: str
    en: str
    about: Literal["source", "reports", "readers"] = "source"


_LISTED = toml_of("verify", "codes.toml")
CODES: dict[str, Code] = {
    name: Code(
        entry["severity"],
        entry.get("forces"),
        entry["zh"],
        entry["en"],
        entry.get("about", "source"),
    )
    for name, entry in _LISTED.items()
}
RULES: dict[str, str] = {name: entry["rule"] for name, entry in _LISTED.items() if "rule" in entry}
"""For each reason code that one rule alone has, the id of that rule in the catalogue (`verify.rules`)."""
