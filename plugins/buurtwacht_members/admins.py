"""Admins: a neighbourhood needs two, for holidays and illness; with fewer it is warned (domain §1.3)."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Context, PersonId, Role, Text


def warning(ctx: Context, *, without: PersonId | None = None) -> Text | None:
    """Return what there is to warn of, if anything; `without` is somebody who is about to be none any more."""
    admins = [one for one in ctx.members(Role.ADMIN) if one.id != without]
    if len(admins) >= 2:
        return None
    return Text("admins.one" if admins else "admins.none", neighbourhood=ctx.here.name)


def warn(ctx: Context, *, without: PersonId) -> None:
    """Tell those who look after the neighbourhood when, without this admin, there are too few."""
    text = warning(ctx, without=without)
    caretakers = [one.id for one in ctx.members(*CARETAKERS) if one.id != without]
    if text is not None and caretakers:
        ctx.send(caretakers, text)
