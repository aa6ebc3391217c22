"""What follows "hulp nodig" or "help": a danger, somebody or a place is a cry, and a chore is none (R55)."""

from __future__ import annotations

import pytest

from buurtwacht.vocabulary.answers import is_bare_help, is_call_for_help

CRIES = (
    "hulp nodig, man onder auto",
    "hulp nodig bij de vijver",
    "help kind in het water",
    "help, kind in het water",
    "Help! Kind te water!",
    "help, er verdrinkt iemand",
    "hulp!! bij nummer 12",
    "hulp bij nummer 12",
    "hulp nodig er is brand",
    "hulp nodig achter de school",
    "Hulp nodig: meisje door het ijs",
    "hulp nodig mijn vader ademt niet",
    "hulp nodig in de tuin, mijn man ligt op de grond",
    "hulp nodig, iemand in mijn tuin",
    "hulp nodig voor mijn moeder",
    "hulp nodig want er staat een man binnen",
    "ik heb hulp nodig bij de speelplaats",
    "ik heb hulp nodig, mijn buurvrouw doet niet open",
    "we hebben hulp nodig in de flat",
    "hulp nodig bij patrouille",
    "help, een vreemde man volgt mijn dochter",
    "help hij wil mij vermoorden",
    "help, mijn kat zit in de boom",
    "help vrouw wordt achtervolgd",
    "help buurman gewond",
    "hulp nodig bij het verhuizen, kast ligt op mijn man, hij zit vast",
    "hulp, er wordt gevochten op het plein",
    "help me, ik word achtervolgd",
    "sos bij de vijver",
    "SOS man overboord",
    "mayday op het kanaal",
    "noodgeval bij de sporthal",
    "hulp!! speeltuin",
    "help, vijver!",
    "snel hulp nodig bij de brug",
    "help my dad is not moving",
    "help, man under car",
    "help a child is in the water",
    "help someone is drowning",
    "i need help at the pond",
    "i need help, my neighbour does not answer",
    "help needed behind the church",
    "help!! at number 12",
    "sos near the bridge",
    "i need help for my mother",
    "emergency at the playground",
    "help woman lying on the pavement",
    "we need help here by the canal",
    "help me find my son",
    "help me bij het zwembad",
    "hulp nodig bij de bank",
    "help someone is in my building",
    "help ze maken mij af",
    "help there is someone moving in my garden",
    "help ik weet niet hoe hij binnen kwam",
    "hulp nodig op het feest, een jongen is niet goed geworden",
)
CHORES = (
    "hulp nodig met verhuizen",
    "hulp gezocht in de tuin",
    "help mee met opruimen",
    "hulp nodig bij mijn belasting",
    "help me even met de app",
    "hulp bij patrouille",
    "help patrouille",
    "help",
    "/help rooster",
    "help, patrouille",
    "hulp nodig in de tuin",
    "hulp nodig bij het snoeien van de heg",
    "hulp nodig met de wifi",
    "hulp nodig om een kast te tillen",
    "hulp nodig op zaterdag",
    "hulp nodig: 5 mensen",
    "hulp nodig bij het straatfeest zaterdag",
    "hulp niet meer nodig",
    "hulp komt eraan",
    "hulp is onderweg",
    "hulp van de buren gehad",
    "hulp gevraagd voor het buurtfeest",
    "ik heb hulp nodig bij het invullen van een formulier",
    "ik heb hulp nodig met mijn fiets",
    "help elkaar een beetje",
    "help, hoe werkt dit",
    "help, ik ben mijn wachtwoord vergeten",
    "help mijn dochter met huiswerk",
    "help instellingen wijzigen",
    "i need help with my garden",
    "i need help moving a couch",
    "help needed to paint the fence",
    "help wanted on saturday",
    "help is on the way",
    "help with the roster",
    "help, i forgot my password",
    "help me with my tax forms",
    "help each other this weekend",
    "help me herinneren aan de container",
    "help me find my cat tonight",
)


@pytest.mark.parametrize("text", CRIES)
def test_who_says_what_is_wrong_or_where_cries(text: str) -> None:
    assert is_call_for_help(text)
    assert not is_bare_help(text)


@pytest.mark.parametrize("text", CHORES)
def test_who_asks_for_a_hand_or_for_an_explanation_does_not(text: str) -> None:
    assert not is_call_for_help(text)
