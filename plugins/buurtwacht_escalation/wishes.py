"""What an official is asked for, read from the words of whoever escalates: to know, to get in touch, to visit."""

from __future__ import annotations

import re
from enum import StrEnum

from buurtwacht import fold


class Wish(StrEnum):
    """The three questions an escalation can put (domain §2.9); the last one that is asked for counts most."""

    INFO = "info"
    CONTACT = "contact"
    VISIT = "visit"


#: What is turned into its opposite: "hoeft niet langs te komen", "no need to call me".
_TURNED = re.compile(
    r"\b(?:niet|geen|zonder|hoeft|hoef|no need|not|no|don't|do not|without)\b"
    r"(?: (?:niet|geen|echt|even|per se|meteen|nu|te|om|to|for|a|you|u|je|hoeft))*"
    r" (?:contact\w*|(?:te )?bellen|terugbel\w*|gebeld|langs\w*|kijken|visit\w*|call\w*|come|stop|drop)"
    r"(?: te)?(?: (?:komen|rijden|gaan|opnemen|by|round|over|back|me|us|nodig|needed))*"
)
_VISIT = re.compile(
    r"\b(?:langs(?: te)? ?(?:komen|komt|gaan|rijden|lopen|fietsen)|langs(?:komen|komt|kom|rijden|gaan)"
    r"|(?:kom|komt|komen|rijd|rijdt|rijden|ga|gaat|loop|loopt|wil|wilt|kan|kunt|kun)\b[^.;!?]{0,30}\blangs"
    r"|(?:kom|komt|komen|komende|gaan|gaat|ga|wil|wilt|kan|kunt|kun|graag|verzoek)\b[^.;!?]{0,20}\bkijken"
    r"|bezoek|huisbezoek|poolshoogte|extra toezicht|surveill\w+"
    r"|(?:come|stop|drop|pass|drive|swing) (?:by|round|over|past)|(?:pay|please) (?:us )?(?:a )?visit"
    r"|come and (?:look|see|check)|(?:have|take) a look|patrol past|extra patrols?)\b"
)
_CONTACT = re.compile(
    r"\b(?:contact|terugbel\w*|bel(?:t|len)? (?:me|mij|ons|even|terug|graag|de melder)"
    r"|(?:graag|wil|wilt|kan|kunt|kun|verzoek|gaarne)\b[^.;!?0-9]{0,25}\b(?:bellen|gebeld worden|overleg|overleggen)"
    r"|call (?:me|us|back|the reporter)|(?:phone|ring) (?:me|us|back)|get in touch|be in touch|speak to (?:me|us))\b"
)


def read_wish(words: str) -> Wish:
    """Return what is asked; who asks for nothing wants it known ("ter info")."""
    said = _TURNED.sub(" ", fold(words))
    if _VISIT.search(said):
        return Wish.VISIT
    return Wish.CONTACT if _CONTACT.search(said) else Wish.INFO
