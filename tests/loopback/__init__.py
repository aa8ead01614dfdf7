"""A scripted OpenAI-compatible server on loopback: real HTTP, answers and faults as a test wants them."""

from tests.loopback import faults
from tests.loopback.server import Act, Call, Handler, Response, Server, completion, scripted

__all__ = ["Act", "Call", "Handler", "Response", "Server", "completion", "faults", "scripted"]
