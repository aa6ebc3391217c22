"""How walkers say that they cannot come, as they type it; and what is not that, however it sounds."""

from __future__ import annotations

from datetime import date, time

import pytest

from buurtwacht_patrols.excuses import read_excuse

#: A Sunday.
TODAY = date(2026, 5, 10)
TUESDAY, FRIDAY = date(2026, 5, 12), date(2026, 5, 15)

UNDATED = """
ik kan niet
Ik kan niet.
/ik kan niet
ik kan toch niet
ik kan helaas niet komen
ik kan echt niet meer
ik kan niet want ik heb griep
ik kan niet wegens ziekte
sorry ik kan niet, ben ziek
Hoi Kees, ik kan niet
Goedemorgen, ik ben ziek
ik ben ziek
ik ben verhinderd
ik kom niet
ik red het niet
het lukt me niet
lukt niet
ik moet afzeggen
ik moet me afmelden
verhinderd
I can't make it
I cannot come
sorry, I can't come
I won't be able to come
I'm ill
I am sick
please cancel my shift
Hi, I'm not coming
"""
ON_TUESDAY = """
ik kan niet op 12 mei
ik kan 12 mei niet
ik kan 12 mei niet komen
12 mei kan ik niet
ik kan dinsdag niet
dinsdag kan ik niet
dinsdag lukt niet
ik kan dinsdagavond helaas niet
ik ben verhinderd op 12 mei
verhinderd 12 mei
ik moet me afmelden voor 12 mei
zeg mijn dienst van 12 mei af
meld me af voor 12 mei
ik kan overmorgen niet
ik kan di 12 mei niet om 21:30
ik kan niet op 12/5
I can't come on 12 May
I cannot walk on Tuesday
I won't make it on 12 May
cancel my shift on 12 May
"""
NOT_THAT = """
ik kan niet slapen, er loopt iemand in de tuin
ik kan er niet uit
ik kan het niet zien
ik kan niet zien wie het is, inbraak bij de buren
ik kan niet eerder
ik kan niet alleen lopen
ik kan niet op tijd komen
ik kan wel
ik kan altijd
kan ik niet ruilen?
kan ik niet komen?
kun je niet komen
ik kom iets later
ik ben er niet bij
ik loop niet alleen
niet 12 mei
geen bijzonderheden
hij is ziek
mijn buurman is ziek
de lamp is ziek
ik ben ziek geweest
ik vind het ziek
ik kan niet op 31 februari
ik kan vrijdag 12 mei niet
I can't see anyone
I cannot find my vest
he can't come
ja
ok
"""


def rows(text: str) -> list[str]:
    """Return the lines of a table."""
    return [line for line in text.strip().splitlines() if line]


@pytest.mark.parametrize("text", rows(UNDATED))
def test_he_cannot_and_names_no_day(text: str) -> None:
    found = read_excuse(text, TODAY)
    assert found is not None
    assert not found.is_dated
    assert found.fits(TUESDAY, time(21, 30))


@pytest.mark.parametrize("text", rows(ON_TUESDAY))
def test_he_cannot_on_a_day(text: str) -> None:
    found = read_excuse(text, TODAY)
    assert found is not None
    assert found.fits(TUESDAY, time(21, 30))
    assert not found.fits(FRIDAY, time(21, 30))


@pytest.mark.parametrize("text", rows(NOT_THAT))
def test_what_says_something_else_is_no_excuse(text: str) -> None:
    assert read_excuse(text, TODAY) is None


def test_several_days_and_a_time() -> None:
    found = read_excuse("ik kan 12 en 15 mei niet", TODAY)
    assert found is not None
    assert all(found.fits(day, time(21)) for day in (TUESDAY, FRIDAY))
    found = read_excuse("ik kan van 11 t/m 13 mei niet", TODAY)
    assert found is not None
    assert (found.fits(TUESDAY, time(21)), found.fits(FRIDAY, time(21))) == (True, False)
    found = read_excuse("ik kan 12 mei niet om 22:00", TODAY)
    assert found is not None
    assert (found.fits(TUESDAY, time(22)), found.fits(TUESDAY, time(21))) == (True, False)


@pytest.mark.parametrize(("text", "ill"), [("ik ben ziek", True), ("I'm ill", True), ("ik kan niet", False)])
def test_who_is_ill_means_what_is_near(text: str, ill: bool) -> None:
    found = read_excuse(text, TODAY)
    assert found is not None
    assert found.ill is ill
