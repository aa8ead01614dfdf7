"""Read annual reports on government information disclosure and say what they are worth."""

__version__ = "0.1.0"
