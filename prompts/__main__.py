"""``python -m prompts``: every prompt with its version and hash, as versions.toml has them."""

from __future__ import annotations

from importlib.resources import files

from prompts import FURTHER, ids, parse, versions


def main() -> int:
    """Print them; 1 when one is not in versions.toml."""
    known = versions()
    stale = 0
    for id in sorted((*ids(), *FURTHER)):
        prompt = parse(files("prompts").joinpath(f"{id}.toml").read_bytes())
        entered = known.get(prompt.name) == prompt.sha256
        stale += not entered
        print(f'"{prompt.name}" = "{prompt.sha256}"' + ("" if entered else "  # not entered"))
    return int(stale > 0)


if __name__ == "__main__":
    raise SystemExit(main())
