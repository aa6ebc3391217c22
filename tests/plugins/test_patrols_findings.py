"""For whom a finding of a round is, by the words it is told in."""

from __future__ import annotations

import pytest

from buurtwacht_patrols.findings import addressee, is_incident, without_addressee
from buurtwacht_patrols.records import Addressee

MUNICIPALITY = """
lamp kapot Lindestraat 12
lantaarnpaal uit bij de school
straatverlichting knippert
losse tegel voor nummer 8
stoeptegel steekt uit
gat in het wegdek
gat in het fietspad
put verstopt, staat blank
zak afval gedumpt bij de container
grofvuil naast de container
zwerfvuil in het park
graffiti op de muur
boom omgewaaid
tak hangt los
heg hangt over de stoep
onkruid bij de speeltuin
schommel kapot
verkeersbord scheef
paaltje uit de grond
glas op het fietspad
ratten bij de container
winkelwagen in de sloot bij het bankje
Lámp kapot
LAMP KAPOT
gemeente: auto zonder wielen
gemeente deur van het transformatorhuisje
street light broken Lime Street 12
loose tile
pothole
litter near the bench
tree down
"""
POLICE = """
raam open bij nummer 7
achterdeur open
garagedeur staat open
sporen van braak, inbraaksporen op de voordeur
verdachte auto met draaiende motor
groepje jongeren bij de school
hangjongeren met lawaai
drugs verkocht achter de winkels
bushokje vernield
ruit ingeslagen
fiets gestolen bij het station
scooter rijdt heen en weer
gordijnen al dagen dicht
poort geforceerd
dronken man valt mensen lastig
ruzie op straat
vuurwerk
politie: lamp gericht op het huis
incident: man viel ons lastig
incident bij de brug
window open at number 7
door broken
suspicious van parked with a driver in the vehicle
youths making noise
car with smashed door
"""
NOBODY = """
alles rustig, praatje gemaakt met de bewoners
mevrouw De Wit gesproken
niets gezien
deur van de container open
lamp boven de garage brandt dag en nacht
kat in de boom bij de schuur
nice evening
"""


def rows(text: str) -> list[str]:
    """Return the lines of a table."""
    return [line for line in text.strip().splitlines() if line]


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        *((text, Addressee.MUNICIPALITY) for text in rows(MUNICIPALITY)),
        *((text, Addressee.POLICE) for text in rows(POLICE)),
        *((text, Addressee.NOBODY) for text in rows(NOBODY)),
    ],
)
def test_the_words_say_for_whom_it_is(text: str, whom: Addressee) -> None:
    assert addressee(text) is whom


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gemeente: auto zonder wielen", "auto zonder wielen"),
        ("voor de politie: raam open", "raam open"),
        ("Police: door open", "door open"),
        ("politie", "politie"),
        ("lamp  kapot\nLindestraat 12", "lamp kapot Lindestraat 12"),
    ],
)
def test_what_only_says_for_whom_it_is_is_left_out(text: str, kept: str) -> None:
    assert without_addressee(text) == kept


def test_an_incident_is_what_the_walker_calls_one() -> None:
    assert is_incident("incident: man viel ons lastig")
    assert not is_incident("lamp kapot")
