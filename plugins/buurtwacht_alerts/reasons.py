"""Why a message did not reach somebody, in words: what messengers answered becomes a sentence for people."""

from __future__ import annotations

import re

from buurtwacht import Text

#: What the reasons on record speak of, first come first served; each is a text `reason.<key>`.
_SIGNS = tuple(
    (key, re.compile(signs))
    for key, signs in (
        ("no_address", r"\bno address|no_chat|no handle|no number"),
        ("not_started", r"not_started|initiate"),
        ("blocked", r"blocked|forbidden"),
        (
            "not_there",
            r"unreachable|undeliverable|chat_not_found|deactivated|not_on_the_board|not among|our own number"
            r"|identity changed|kicked|left the group|no_rights|phone number",
        ),
        ("window", r"window|template|24 hours|too long"),
        (
            "messenger",
            r"messenger fails|unavailable|throttled|connect|no_connection|server|service|trouble|outage|switched_off"
            r"|overloaded|interrupted|too many|throughput|limit|maintenance|busy|spam|went wrong|request|migrated",
        ),
    )
)
_WITHDRAWN = {
    "withdrawn": "over",
    "superseded": "over",
    "replaced what was not sent yet": "over",
    "shown already": "shown",
    "in what was shown already": "shown",
    "expired": "expired",
    "by operator": "operator",
    "muted": "muted",
}


def reason(state: str, why: str) -> Text:
    """Return in words why a delivery in this state is not further, from the reason that is on record."""
    if state in ("queued", "sending"):
        return Text("reason.under_way" if not why else "reason.retried")
    if state == "unknown":
        return Text("reason.unknown")
    if state == "withdrawn":
        return Text(f"reason.{_WITHDRAWN.get(why, 'over')}")
    key = next((key for key, signs in _SIGNS if signs.search(why.lower())), "other")
    return Text(f"reason.{key}")


def messenger(account: str) -> str:
    """Return an account's name as people read it."""
    return {"whatsapp": "WhatsApp"}.get(account, account.replace("_", " ").replace("-", " ").title())
