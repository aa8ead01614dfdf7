"""Calling a language model: one question out, one checked answer in, every request accounted for."""
