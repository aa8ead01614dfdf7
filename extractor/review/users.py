"""The file of users: a line each, ``name:role:salt:hash``, hashed by scrypt; it holds no password."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from typing import Literal, get_args

from extractor.errors import UsageError
from extractor.files import write_whole

Role = Literal["read", "decide", "administer"]
ROLES: tuple[Role, ...] = get_args(Role)
_NAME = re.compile(r"[\w.@ -]{1,64}")
_LINE = re.compile(
    rf"(?P<name>{_NAME.pattern}):(?P<role>{'|'.join(ROLES)}):(?P<salt>[0-9a-f]{{32}}):(?P<hash>[0-9a-f]{{64}})"
)
_COST, _BLOCK, _LANES = 2**14, 8, 1
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in."""

    name: str  # by which decisions are kept
    role: Role  # what they may do
    salt: str  # in hex
    hash: str  # of the password, in hex

    def knows(self, password: str) -> bool:
        """Whether it is their password."""
        return hmac.compare_digest(_hashed(password, self.salt), self.hash)


NOBODY = User("", "read", "00" * 16, "00" * 32)
"""Whose password nobody knows: an unknown name takes as long as a wrong password."""


def load(path: str) -> dict[str, User]:
    """The users of a file, by name.

    Raises:
        UsageError: It cannot be read, or a line of it is none.
    """
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read(1_000_000).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8"
        raise UsageError(f"--users {path!r} cannot be read ({reason}); check it") from None
    found: dict[str, User] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        read = _LINE.fullmatch(line.strip())
        if read is None:
            raise UsageError(
                f"--users {path!r}, line {number}: no user; write them with --add-user NAME:ROLE"
            )
        role = next(role for role in ROLES if role == read["role"])
        found[read["name"]] = User(read["name"], role, read["salt"], read["hash"])
    return found


def add(path: str, given: str, password: str) -> User:
    """Add a user to a file, or give one another password and role.

    Args:
        path: Of the file; made when it is not there, for its owner alone.
        given: ``name:role``.
        password: At least eight characters.

    Raises:
        UsageError: It cannot be done.
    """
    name, _, role = given.rpartition(":")
    if role not in ROLES or not _NAME.fullmatch(name):
        raise UsageError(
            f"--add-user {given!r}: write NAME:ROLE, the role one of {', '.join(ROLES)}"
        )
    if len(password) < _SHORTEST:
        raise UsageError(f"a password has at least {_SHORTEST} characters; give a longer one")
    users = load(path) if os.path.exists(path) else {}
    salt = secrets.token_hex(16)
    users[name] = User(name, role, salt, _hashed(password, salt))
    lines = (f"{one.name}:{one.role}:{one.salt}:{one.hash}\n" for one in users.values())
    write_whole(path, "".join(lines))
    os.chmod(path, 0o600)
    return users[name]


def _hashed(password: str, salt: str) -> str:
    return hashlib.scrypt(
        password.encode()[:1024], salt=bytes.fromhex(salt), n=_COST, r=_BLOCK, p=_LANES, dklen=32
    ).hex()
