"""For whom a finding of a round is: the municipality or the police, by the words it is told in (domain §1.6, §2.9)."""

from __future__ import annotations

import re

from buurtwacht import fold
from buurtwacht_patrols.records import Addressee

_FOR_MUNICIPALITY = (
    "lamp lampen lantaarn lantaarns lantaarnpaal lantaarnpalen straatlantaarn straatlamp straatverlichting lampje"
    " verlichting licht tegel tegels stoeptegel stoep trottoir fietspad wegdek gat kuil put putdeksel riool goot afval"
    " vuilnis afvalzak afvalzakken vuilniszak vuilniszakken grofvuil zwerfvuil zwerfafval dump gedumpt container"
    " containers afvalbak prullenbak graffiti beklad boom bomen tak takken struik struiken heg onkruid begroeiing"
    " groen gras bankje speeltuin speeltoestel wip schommel bord verkeersbord paal paaltje hek plas wateroverlast"
    " lekkage glas rat ratten hondenpoep poep drempel stoplicht verkeerslicht winkelwagen fietswrak olie matras"
    " koelkast light lights streetlight streetlights lighting tile tiles pavement sidewalk pothole drain manhole"
    " litter rubbish trash garbage waste tree trees branch branches hedge weeds bench playground sign fence flooding"
    " glass rats bollard mattress fridge"
)
_FOR_POLICE = (
    "inbraak inbraakspoor inbraaksporen ingebroken braakschade braaksporen braak verdacht verdachte deur deuren"
    " voordeur achterdeur garagedeur raam ramen bovenraam poort schuur garage gordijn gordijnen jongeren jeugd"
    " hangjongeren hangjeugd groepje overlast lawaai geluidsoverlast herrie drugs dealen dealer drugsafval lachgas"
    " vernield vernieling vernielingen ingeslagen gesloopt vandalisme gestolen diefstal fietsendief ruzie dronken"
    " vechtpartij vuurwerk auto bestelbus busje scooter brommer kenteken voertuig onbekende rondhangen gluren"
    " gluurder insluiper slot sleutel burglary break-in suspicious door doors window windows gate shed curtains"
    " youths youth nuisance noise dealing vandalism vandalised smashed stolen theft drunk fight fireworks car moped"
    " vehicle plate loitering lock key"
)
_MUNICIPALITY = frozenset(_FOR_MUNICIPALITY.split())
_POLICE = frozenset(_FOR_POLICE.split())
_TO_MUNICIPALITY = re.compile(r"^(?:voor )?(?:de )?(?:gemeente|municipality|council)\b[ :,;-]*")
_TO_POLICE = re.compile(r"^(?:voor )?(?:de )?(?:politie|wijkagent|police)\b[ :,;-]*")
_INCIDENT = re.compile(r"^incident\b[ :,;-]*")
_WORD = re.compile(r"[\w-]+")


def addressee(text: str) -> Addressee:
    """Return for whom a finding is; nobody when its words fit neither, or both as well.

    "gemeente: …" and "politie: …" at the beginning decide.
    """
    folded = fold(text)
    if _TO_MUNICIPALITY.match(folded):
        return Addressee.MUNICIPALITY
    if _TO_POLICE.match(folded) or _INCIDENT.match(folded):
        return Addressee.POLICE
    words = set(_WORD.findall(folded))
    municipality, police = len(words.intersection(_MUNICIPALITY)), len(words.intersection(_POLICE))
    if municipality == police:
        return Addressee.NOBODY
    return Addressee.MUNICIPALITY if municipality > police else Addressee.POLICE


def is_incident(text: str) -> bool:
    """Whether the walker calls it an incident himself."""
    return _INCIDENT.match(fold(text)) is not None


def without_addressee(text: str) -> str:
    """Return a finding without the words that only say for whom it is."""
    plain = " ".join(text.split())
    for pattern in (_TO_MUNICIPALITY, _TO_POLICE):
        found = pattern.match(plain.casefold())
        if found is not None and found.end() < len(plain):
            return plain[found.end() :]
    return plain
