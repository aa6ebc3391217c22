"""Which messenger a telephone imitates, and what that messenger can do."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from buurtwacht import Capabilities, Pace


class Style(StrEnum):
    """The messenger whose looks and limits an account has."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    BROWSER = "browser"


CAPABILITIES = {
    # Bot API: sendMessage, InlineKeyboardMarkup; no delivery receipts, a bot cannot start a chat.
    Style.TELEGRAM: Capabilities(
        text=4096,
        interactive_text=4096,
        buttons=100,
        button_title=64,
        edit=True,
        reactions=True,
        photos=True,
        documents=True,
        location=True,
        needs_start=True,
        groups=True,
        rate=30.0,
        recipient_pace=Pace(1.0, 3),
        group_pace=Pace(4.0, 5),
        handle_kind="chat",
    ),
    # Cloud API: interactive messages, customer service window, pair rate limit.
    Style.WHATSAPP: Capabilities(
        text=4096,
        interactive_text=1024,
        buttons=3,
        button_title=20,
        list_rows=10,
        list_row_title=24,
        list_title=20,
        reactions=True,
        receipts=True,
        photos=True,
        documents=True,
        location=True,
        templates=True,
        window=timedelta(hours=24),
        rate=80.0,
        recipient_pace=Pace(6.0, 45),
        handle_kind="phone",
    ),
    Style.BROWSER: Capabilities(
        buttons=20,
        button_title=64,
        edit=True,
        reactions=True,
        photos=True,
        documents=True,
        location=True,
        handle_kind="chat",
    ),
}
