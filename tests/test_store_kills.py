"""What was stored survives kill -9 at any moment, and nothing is there by half."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store_kills import kill

pytestmark = pytest.mark.kills


def test_a_writer_that_is_killed_leaves_whole_reports_and_loses_none(tmp_path: Path) -> None:
    assert kill(tmp_path / "run.db", kills=5, seed=7) > 0
