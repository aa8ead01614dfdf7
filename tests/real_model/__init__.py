"""A real language model on a real server, far too weak to be right, for tests and for trying."""

from __future__ import annotations

from tests.real_model.server import KEY, MODEL, Server, missing, serving

__all__ = ["KEY", "MODEL", "Server", "missing", "serving"]
