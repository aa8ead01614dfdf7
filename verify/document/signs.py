"""Signs of the rewritten text that stand for something no character of the form is."""

BREAK = "\u23ce"
"""A line break between two digits of one cell, of which nothing tells whether it joins them."""
NOTE = "\u2460"
"""A note's number that stands raised after a word or figure."""


def joint(before: str, after: str, *, joins: bool = False) -> str:
    """What stands for a line break inside a cell.

    Args:
        before: The character before it, or nothing.
        after: The character after it, or nothing.
        joins: Whether digits on both sides are known to be one figure.
    """
    if not before or not after or before.isspace() or after.isspace():
        return ""
    if before in _DIGITS and after in _DIGITS:
        return "" if joins else BREAK
    return " "


_DIGITS = frozenset("0123456789０１２３４５６７８９.,．，")
