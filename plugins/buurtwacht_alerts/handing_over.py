"""What is no alert of ours: a lost pet is for a plugin that people ask for, and nothing of it goes to the others."""

from __future__ import annotations

from buurtwacht import Context, Text
from buurtwacht_alerts.categories import CATEGORIES, Route
from buurtwacht_alerts.covered import in_words
from buurtwacht_alerts.drafts import street_of
from buurtwacht_alerts.reading import Reading
from buurtwacht_alerts.wording import clipped, masker

#: So many signs of it are told: it is read, and sent on, as one message.
_TOLD = 600


def is_for_others(reading: Reading) -> bool:
    """Say whether a report is of a category that no alert is made of."""
    return CATEGORIES[reading.category].route is Route.ELSEWHERE


def hand_over(ctx: Context, reading: Reading, text: str) -> None:
    """Give a report to whoever listens here, who answers it; where nobody does, say that it goes to nobody."""
    if not ctx.is_heard("pet_reported"):
        ctx.reply(Text("pet.nobody"))
        return
    words = in_words(ctx, masker(ctx)(text))
    street = reading.street or street_of(ctx)
    ctx.tell("pet_reported", person=ctx.person.id, words=clipped(words, _TOLD), street=street, message=ctx.source)
