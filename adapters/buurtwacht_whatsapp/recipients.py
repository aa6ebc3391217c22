"""To whom a message goes: a phone number or WhatsApp's user id, checked before anybody is asked to send to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from buurtwacht import Handle, Outgoing, Rejected

#: ITU E.164: at most 15 digits; shorter than 7 is no number that WhatsApp knows.
_PHONE = re.compile(r"\+?([1-9]\d{6,14})", re.ASCII)
#: Meta, business-scoped user ids: country code, a point, up to 128 alphanumerics; `CC.ENT.` for a parent's.
_USER = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person: either `to` (digits of a phone number) or `user` (WhatsApp's id)."""

    to: str | None = None
    user: str | None = None


def recipient(outgoing: Outgoing) -> Recipient:
    """Return the person to send to, by phone number where there is one: some messages go to no user id (131062).

    Raises `Rejected` for a group, and when no handle has the form of a number or an id: pywa would take whatever it
    does not recognise for a group.
    """
    if outgoing.is_group:
        raise Rejected("groups are not served")
    for handle in outgoing.to:
        digits = phone_digits(handle.value) if handle.kind == "phone" else None
        if digits:
            return Recipient(to=digits)
    for handle in outgoing.to:
        if handle.kind == "user" and _USER.fullmatch(handle.value):
            return Recipient(user=handle.value)
    raise Rejected("no number or user id to send to")


def phone_digits(value: str) -> str | None:
    """Return the digits of a phone number in E.164, with or without its plus; None for anything else."""
    matched = _PHONE.fullmatch(value)
    return matched[1] if matched else None


def phone(value: str) -> Handle | None:
    """Return the handle of a `wa_id`, or None when it is none."""
    digits = phone_digits(value)
    return Handle("phone", f"+{digits}") if digits else None


def user(value: str) -> Handle | None:
    """Return the handle of a business-scoped user id, or None when it is none."""
    return Handle("user", value) if _USER.fullmatch(value) else None
