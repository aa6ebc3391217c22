"""What whoever escalates asks for, what officials mean by what they type, and where something is on the map."""

from __future__ import annotations

import pytest

from buurtwacht_escalation.records import Reply
from buurtwacht_escalation.replies import read_reply
from buurtwacht_escalation.spots import map_link, plus_code
from buurtwacht_escalation.wishes import Wish, read_wish


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("", Wish.INFO),
        ("ter info", Wish.INFO),
        ("auto staat er nog", Wish.INFO),
        ("ik heb 112 gebeld", Wish.INFO),
        ("u hoeft niet te bellen", Wish.INFO),
        ("no need to call me back", Wish.INFO),
        ("graag contact", Wish.CONTACT),
        ("Kunt u mij bellen?", Wish.CONTACT),
        ("graag overleg morgen", Wish.CONTACT),
        ("please call me", Wish.CONTACT),
        ("hoeft niet langs te komen, graag bellen", Wish.CONTACT),
        ("graag langskomen bij dienst", Wish.VISIT),
        ("wil je even langs rijden", Wish.VISIT),
        ("kom je even kijken", Wish.VISIT),
        ("er wordt al weken gedeald, graag extra toezicht", Wish.VISIT),
        ("can you come by tomorrow", Wish.VISIT),
    ],
)
def test_what_is_asked_is_read_from_the_words(words: str, wish: Wish) -> None:
    assert read_wish(words) is wish


@pytest.mark.parametrize(
    "text", ["ok", "Oké 👍", "👍", "ontvangen", "Begrepen", "Ontvangen, dank", "Received", "roger"]
)
def test_a_plain_word_confirms_and_says_nothing_more(text: str) -> None:
    assert read_reply(text) == (Reply.CONFIRMED, "")


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("ok, surveillance rijdt zo langs", Reply.CONFIRMED),
        ("ik ga kijken", Reply.TAKEN),
        ("Ik pak het op met een collega", Reply.TAKEN),
        ("ben er over 10 minuten", Reply.TAKEN),
        ("We rijden er zo langs, blijf binnen", Reply.TAKEN),
        ("On my way", Reply.TAKEN),
        ("rijd er nu heen", Reply.TAKEN),
        ("ok, kom ik regelen", Reply.TAKEN),
        ("we're on it", Reply.TAKEN),
        ("I'll take it", Reply.TAKEN),
        ("niet voor mij, bel boa", Reply.DECLINED),
        ("ok maar ik heb geen dienst", Reply.DECLINED),
        ("ik kan niet komen", Reply.DECLINED),
        ("nee", Reply.DECLINED),
        ("bel de boa", Reply.DECLINED),
        ("kan nu niet", Reply.DECLINED),
        ("I can't, off duty until Monday", Reply.DECLINED),
        ("not for me, try the council", Reply.DECLINED),
        ("wat is het kenteken?", None),
        ("kun je bellen", None),
        ("ok maar kenteken klopt niet", None),
        ("vier aanhoudingen verricht", None),
        ("hij is onderweg naar de Esdoornlaan", None),
        ("ga nu naar binnen en doe de deur op slot", None),
        ("bel 112 als je hem ziet", None),
        ("Bel de politie als hij terugkomt", None),
        ("de auto kan niet weg", None),
        ("de bestuurder heeft geen rijbewijs", None),
        ("ga er niet heen, collega's zijn ter plaatse", None),
    ],
)
def test_what_says_more_goes_to_the_co_ordinators_as_it_was_typed(text: str, reply: Reply | None) -> None:
    """R45; and what only asks or tells something is no confirmation (R44)."""
    assert read_reply(text) == (reply, text)


def test_a_point_is_a_plus_code_and_a_mark_on_a_map() -> None:
    """Domain §3.5: encode(51.5308,4.4653) is 9F36GFJ8+84."""
    assert plus_code((51.5308, 4.4653)) == "9F36GFJ8+84"
    assert map_link((51.5308, 4.4653)) == (
        "https://www.openstreetmap.org/?mlat=51.53080&mlon=4.46530#map=18/51.53080/4.46530"
    )
