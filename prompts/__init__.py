"""Versioned prompt texts, packaged as data. None yet: the builtin reader needs no prompt."""
