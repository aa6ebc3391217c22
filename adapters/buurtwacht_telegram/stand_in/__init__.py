"""A stand-in for Telegram: the Bot API in one process, as strict as the real one. For tests and measurements."""

from buurtwacht_telegram.stand_in.api import BotApi

__all__ = ["BotApi"]
