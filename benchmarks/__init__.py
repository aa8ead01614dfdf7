"""Benchmarks: figures for people, never assertions."""
