"""What a person sees of a result: a short text for the terminal and one HTML page."""

from __future__ import annotations

from extractor.render.page import page
from extractor.render.summary import summary

__all__ = ["page", "summary"]
