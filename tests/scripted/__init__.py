"""Scripted models: answers that are written by code from the known truth of a report, by no model."""

from tests.scripted.strong import StrongModel, Truth

__all__ = ["StrongModel", "Truth"]
