"""A pet that is gone, and nothing else: what stands beside it makes the text a report like any other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from buurtwacht_alerts.categories import CATEGORIES, UNKNOWN, Ask112
from buurtwacht_alerts.lexicon import PERSONS
from buurtwacht_alerts.words import Word, bag

LOST_PET = "lost_pet"

#: Who asks whether anybody saw it, or says what sort of animal it is, names nobody who is there.
_PEOPLE = PERSONS - bag("iemand iem someone somebody mannetje male female")
#: What alarms of people, and is what a pet does that is gone.
_RUNNING = frozenset({"ran off", "rent weg", "rennen weg", "running away", "vlucht", "vluchten"})
#: Beginnings of words that a lost pet does not need: with one of them something else may be the matter.
_ALARMING = re.compile(
    r"\b(?:\w*deur\w*\b.{0,25}\b(?:open|geforceerd|kapot)|door\b.{0,25}\b(?:open|forced|broken)|hek\b.{0,25}\bopen"
    r"|agress|aggress|bijt|bite|biting|attack|aangevallen|aanvallen|valt .{0,20}\baan\b|gevaar|danger|loopt los|loose\b"
    r"|mishandel|gemarteld|tortur|gestolen|stolen"
    r"|gejat|geroofd|beroofd|robbed|meegenomen|taken by|ontvoerd|vergif|gif\b|poison|bloed|blood"
    r"|rook\b|smoke|vlam|flame|brand|fire|gil\b|gillen|gegil|schreeuw|geschreeuw|scream|shout|knal|shot\b|geschoten"
    r"|wapen|weapon|mes\b|knife|politie|police|ambulance|alarm|gewond|injur|gevallen|fallen|onwel|dood\b|dode\b|dead\b"
    r"|ingebroken|inbr[ae]|burgl|broke in|vreemd|verdacht|strange|suspicious|bedreig|threat)"
)


def weighed(
    plain: str,
    words: Sequence[Word],
    candidates: Mapping[str, float],
    suspicious: Collection[str],
    *,
    vehicle: bool,
    told: bool,
    owners: Collection[int] = (),
) -> tuple[str, float]:
    """Return what a text is that was taken for a lost pet, and how much speaks for that.

    Whatever else 112 can belong to goes before a pet; beside people, a vehicle or a word that alarms it is of no known
    kind, so that somebody looks at it. `suspicious` are the phrases that were taken for suspicious. `vehicle`: one is
    named; `told`: 112 was, or a plate is named; `owners`: which words only say whose pet it is.
    """
    score = candidates[LOST_PET]
    graver = {one: weight for one, weight in candidates.items() if CATEGORIES[one].ask_112 is not Ask112.NEVER}
    if _RUNNING.issuperset(suspicious):
        graver = {one: weight for one, weight in graver.items() if not one.startswith("suspicious")}
    if graver:
        chosen = max(graver, key=lambda one: graver[one])
        return chosen, max(score, graver[chosen])
    people = {word.plain for at, word in enumerate(words) if at not in owners} & _PEOPLE
    return (UNKNOWN if vehicle or told or people or _ALARMING.search(plain) else LOST_PET), score
