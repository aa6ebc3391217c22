"""What follows a cry, in Dutch and English: "help" and a danger, a person or a place, or a chore of the neighbourhood.

In doubt it is no chore: the co-ordinators hear a cry, and it alarms nobody else.
"""

from __future__ import annotations

import re

#: What makes it a cry, whatever else stands there.
_HARM = re.compile(
    r"\b(?:gevallen|valt|bewusteloos|flauwgevallen|bloed\w*|ademt|geen (?:adem|lucht)|pijn op|hartaanval|beroerte|stikt"
    r"|stik|brand|inbreker\w*|overval\w*|mes|pistool|slaat|steekt|gestoken|neergestoken|mishandel\w*|bedreig\w*"
    r"|reageert niet|in gevaar|(?:zit|zitten) vast|verdrink\w*|verdronken|te water|in het water|door het ijs"
    r"|onder (?:een |de |het |zijn |haar )?(?:auto|trein|tram|bus|vrachtwagen|tractor|puin)|aangereden|overreden"
    r"|aangevallen|gewond\w*|ligt (?:op|in|bij|voor|roerloos)|gaslucht|gaslek|rook|ontplof\w*|vecht\w*|geschoten"
    r"|schoten|wurg\w*|vermoord\w*|verkracht\w*|zelfmoord|niet meer leven|dood|opgesloten|achtervolg\w*|beweegt niet"
    r"|fallen|collapsed|unconscious|bleeding|breathing|choking|chest pain|heart attack|stroke|fire|burglar\w*"
    r"|intruder\w*|knife|gun|hitting|attack(?:ed|ing)?|in danger|trapped|stuck|drown\w*|in(?:to)? the water"
    r"|through the ice|under (?:a |the |his |her )?(?:car|train|tram|bus|truck|lorry)|run over|injured"
    r"|lying (?:on|in)|gas leak|smoke(?! alarms?| detectors?)|exploded|explosion|fighting|shooting|shot|stabbed"
    r"|strangl\w*|suicide|dying|not moving|isn't moving|locked in|follow(?:s|ing) me)\b"
)
#: It asks how something works, or for volunteers, or says that help is there.
_ASKS = re.compile(
    r"\b(?:begrijp|snap|app|account|wachtwoord|inloggen|afmelden|aanmelden|wijzig\w*|vrijwilligers?|gezocht"
    r"|(?:ik|we|wij) (?:wil|willen) graag|zoek\w* (?:iemand|mensen|hulp|hand\w*)|understand|forgot|log in|password"
    r"|sign (?:in|up)|volunteers?|wanted|looking for (?:some\w+|people|help|hands))\b"
    r"|\b(?:niet|not|no longer)(?: \w+)? (?:nodig|needed)\b"
    r"|^(?:mee|mekaar|elkaar|each other|bieden|geboden|geven|gekregen|krijgen|gehad)\b"
    r"|^(?:is|was|komt|kwam|van|coming)\b(?! niet)(?!.*\b(?:nodig|needed)\b)"
    r"|^\d+ (?:man|mensen|personen|handen|people|hands)$"
)
#: Work that waits, whoever it is for.
_WORK = re.compile(
    r"\b(?:verhui[sz]\w*|\w*(?:op|puin)ruimen|op te ruimen|schoonma\w*|schoon te maken|maaien|snoei\w*|schilder\w*"
    r"|sjouwen|ophangen|op te hangen|invullen|in te vullen|klus\w*|poetsen|boodschap\w*|huiswerk|belasting\w*"
    r"|formulier\w*|speurtocht|straatfeest|buurtfeest|homework|tax(?:es)?|gardening|painting|decorating)\b"
)
#: What may be work, a place, a day or a question, unless somebody is there.
_LATER = re.compile(
    r"\b(?:hoe|tuin|schutting|heg|fiets|kerstboom|aanhanger|gras|bladeren|tillen|feest\w*|barbecue|bbq|rommelmarkt"
    r"|collecte|flyers?|folders?|computer|laptop|printer|wifi|tablet|how|garden|fence|hedge|bike|sofa|couch"
    r"|christmas tree|lawn|(?<!not )(?<!n't )moving|carrying|lifting|cleaning|fixing|finding|organi[sz]ing|assembling"
    r"|installing|shopping|party|flea market|leaflets?|morgen(?:ochtend|middag|avond)?|overmorgen|volgende week|weekend"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|tomorrow|next week"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
#: With, for, in order to: what the help is for; or what he is helped to do ("help me remember the bins").
_FOR_WHAT = re.compile(
    r"(?:met|voor|om|herinner\w*|onthouden|zoeken|vinden|kiezen|with|for|to|remember|remind|find|choose|move|carry|lift"
    r"|clean|paint|fix)\b"
)
_SOMEBODY = re.compile(
    r"\b(?:\w*man|\w*vrouw\w*|kind(?:eren|je)?|\w*jongen|jongetje|\w*meisje|baby|peuter|kleuter|iemand|\w*moeder|\w*vader"
    r"|zoon(?:tje)?|dochter(?:tje)?|broer\w*|zus\w*|oma|opa|mama|papa|persoon|hij|zij|slachtoffer|child(?:ren)?|kids?|boy"
    r"|girl|woman|someone|somebody|neighbou?r|husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|grandma"
    r"|grandpa|person|lady|he|she|he's|she's|victim)\b"
)
#: Of what this service does: "help patrouille" asks what that is.
_SERVICE = re.compile(
    r"\b(?:patrouille\w*|rond(?:e|vraag)|rooster|dienst\w*|melding\w*|mededeling\w*|stilte|instelling\w*|commando'?s"
    r"|menu|patrols?|rounds?|roster|shifts?|reports?|announcements?|mute|settings?|commands?)\b"
)
_FILLERS = re.compile(r"(?:(?:even|eventjes|eens|graag|een keer) )+")


def presses(more: str) -> bool:
    """Say whether what follows a cry makes it one whatever it is about: somebody is hurt, or will be."""
    return _HARM.search(more) is not None


def is_chore(more: str, *, urges: bool) -> bool:
    """Say whether what follows a cry, folded, is work to be done or a question about this service, and no danger.

    `urges`: the cry says by itself that help is needed ("hulp nodig"), and asks nothing ("help").
    """
    said = _FILLERS.sub("", more, count=1)
    if presses(said):
        return False
    if _ASKS.search(said) or _WORK.search(said) or (not urges and _SERVICE.search(said)):
        return True
    return _SOMEBODY.search(said) is None and bool(_FOR_WHAT.match(said) or _LATER.search(said))


def is_about_somebody(more: str) -> bool:
    """Say whether what follows a cry names a human being."""
    return _SOMEBODY.search(more) is not None
