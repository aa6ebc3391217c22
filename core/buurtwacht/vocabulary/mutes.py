"""What somebody may mute, for a while or until he says otherwise."""

from __future__ import annotations

from enum import StrEnum


class Mute(StrEnum):
    """What a mute keeps from somebody, of what is sent to everybody. What is meant for him alone always comes."""

    NOTHING = ""
    #: all but what is critical and near him
    MOST = "most"
    ALL = "all"
