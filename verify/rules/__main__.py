"""``python -m verify.rules``: the identities of every form, their rank, and which follow from others."""

from __future__ import annotations

from verify.rules.lint import report

if __name__ == "__main__":
    for line in report():
        print(line)
