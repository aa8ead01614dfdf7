"""Read annual reports on government information disclosure and say what they are worth.

::

    report = extractor.read("年报.docx")
    report.verdict, report.todo, report.to_frame()
    extractor.verify("result.json").follows
    extractor.batch("reports/", "run.db")

Nothing is loaded before it is used.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # as a type checker takes it; to import typing would be most of the import
if TYPE_CHECKING:
    from typing import Any

    from extractor.api import Batch, Checked, Report, read, verify

    batch: Batch

_API = ("Checked", "Report", "read", "verify")


def __getattr__(name: str) -> Any:
    """What stands in `extractor.api`, loaded when it is asked for."""
    if name in _API:
        from importlib import import_module  # the package itself imports nothing

        return getattr(import_module("extractor.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*_API, "__version__", "batch"]


__all__ = ["Checked", "Report", "__version__", "batch", "read", "verify"]
