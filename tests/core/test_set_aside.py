"""What a process makes at its start is not looked through for garbage again."""

from __future__ import annotations

import gc

from buurtwacht.cli.run import set_aside


def test_what_was_made_at_the_start_is_out_of_the_collectors_sight() -> None:
    before = len(gc.get_objects())
    try:
        set_aside()
        assert gc.get_freeze_count() > before / 2
        assert len(gc.get_objects()) < before / 2
    finally:
        gc.unfreeze()
