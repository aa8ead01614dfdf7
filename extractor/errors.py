"""Errors that end a run, each with what to do about it.

::

    GoujiError
    ├── UsageError        exit 2   the command line asks for something that is not there
    ├── InputError        exit 3   the input cannot be read
    ├── StoreError        exit 3   a store cannot be read or written
    ├── ProviderError     exit 4   the model or its provider failed after all retries
    └── WorkerError       exit 70  a batch cannot run here at all
"""

from __future__ import annotations


class GoujiError(Exception):
    """Base of all errors that a user can mend; ``str()`` is one line: what was wrong, what to do."""

    exit_code = 1


class UsageError(GoujiError):
    """Wrong usage."""

    exit_code = 2


class InputError(GoujiError):
    """The input cannot be read: missing, empty, binary, undecodable or too large."""

    exit_code = 3


class StoreError(GoujiError):
    """A store of results cannot be read or written: none, damaged, in use, or the disk is full."""

    exit_code = 3


class ProviderError(GoujiError):
    """The model or its provider failed after all retries."""

    exit_code = 4


class WorkerError(GoujiError):
    """A batch cannot run here: its processes do not start, or the program has no sources."""

    exit_code = 70
