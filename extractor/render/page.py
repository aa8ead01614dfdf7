"""One self-contained HTML page: the source on one side, what was read from it on the other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from extractor.render._html import TEMPLATES, allowed, asset, environment
from extractor.render._source import WHOLE, pieces
from extractor.render._view import View

if TYPE_CHECKING:
    from extractor.render.original import Original
    from verify.schema import Result


_BRIEF = 20_000  # characters of a source that is shown whole on a small page


def page(
    result: Result,
    source_text: str,
    lang: Literal["zh", "en"] = "zh",
    *,
    previous_text: str | None = None,
    original: Original | None = None,
    home: str = "",
    brief: bool = False,
) -> str:
    """A page that shows where in the source each figure stands and which sums fail.

    It loads nothing, runs only its own script and reads without it. All text of the report is
    escaped; the script takes names of cells from attributes, never text.

    Args:
        result: The result.
        source_text: The decoded source that its spans point into. Of a very large one only what
            stands around the spans is shown.
        lang: Language of the page; labels of the form stay the official Chinese ones.
        previous_text: Last year's source, of which the words around a figure are shown where a
            finding across years points there.
        original: What is shown in the place of the text of a source that is no text.
        home: Address of a list of reports that the page leads back to; empty for none.
        brief: Whether a page is kept small: of a long source, and of many findings, only the first is shown.

    Returns:
        A complete HTML document.
    """
    from markupsafe import Markup

    view = View(result, source_text, lang, previous_text, brief=brief)
    css, js = (asset(os.path.join(TEMPLATES, name)) for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src {allowed(css)}; script-src {allowed(js)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    marks = view.marks
    shown = pieces(source_text, marks, _BRIEF if brief else WHOLE)
    places = {name: cell.place for name, cell in result.cells.items()}
    drawn = original.html(marks, places, view.classes, lang) if original else None
    # Two files of this package, and markup in which `Original` escaped all text: nothing else is not escaped.
    own = {"css": Markup(css), "js": Markup(js), "drawn": Markup(drawn or "")}  # noqa: S704
    template = environment().get_template("page.html.j2")
    return (
        template.render(v=view, policy=policy, pieces=shown, home=home, **own).lstrip("\n") + "\n"
    )


def fragment(result: Result, source_text: str, lang: Literal["zh", "en"] = "zh") -> str:
    """The verdict, what to do and the tables as a part of another page, such as a notebook."""
    view = View(result, source_text, lang, None)
    return environment().get_template("fragment.html.j2").render(v=view)
