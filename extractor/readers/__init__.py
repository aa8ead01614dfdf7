"""Readers: each turns a source into a reading, spans without figures."""
