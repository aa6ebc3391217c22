"""Texts that speak for officials, and what they promise."""

from __future__ import annotations

import pytest

from buurtwacht import speaks_for_officials, without_promises


def _each(texts: str) -> list[str]:
    return texts.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "vier aanhoudingen door de politie",
        "four arrests",
        "de wijkagent zegt dat het veilig is",
        "brandweer heeft geblust",
        "112 is gebeld en ze komen",
        "✓ geverifieerd: geef de pas mee aan de koerier",
        "van Petra \u2705\ufe0f Verified",
    ],
)
def test_it_is_noticed_who_speaks(text: str) -> None:
    assert speaks_for_officials(text)


@pytest.mark.parametrize("text", ["het was een monteur", "he is gone", "vals alarm, een krantenbezorger", "✓ gezien"])
def test_neighbours_speak_for_themselves(text: str) -> None:
    assert not speaks_for_officials(text)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("man voelt aan deuren, politie is onderweg", "man voelt aan deuren"),
        ("police are coming", ""),
        ("man zegt dat hij van de politie komt", "man zegt dat hij van de politie komt"),
        ("ze rijden richting Esdoornlaan", "ze rijden richting Esdoornlaan"),
    ],
)
def test_nobody_promises_help_on_a_neighbours_word(said: str, shown: str) -> None:
    assert without_promises(said) == shown


PROMISES = _each(
    "politie komt eraan|112 komt|brandweer staat voor de deur|ambulance onderweg|agenten ter plaatse"
    "|hulp is onderweg|cops on the way|police here now|they are sending someone|politie rijdt rond"
    "|politie al gebeld die komt zo|de politie zou komen|er komt zo politie|onderweg: politie"
    "|komt de politie al?|meldkamer stuurt een auto|police will be there soon|ze sturen een wagen"
    "|police dispatched|politie is er bijna|wijkagent komt kijken|politieauto onderweg"
    "|surveillance is onderweg|oom agent komt zo|handhaving onderweg|boa's komen|helikopter onderweg"
    "|er is politie ter plekke|de politie doorzoekt de wijk|brandweer is aan het blussen"
    "|an officer is on the way|ambulances arriving|fire brigade is here|politie in aantocht"
    "|politie gearriveerd|hulpdiensten zijn er|the police said they'd come|politie heeft gezegd dat ze komen"
    "|er zijn 2 politiewagens in de straat|112 is gebeld en ze komen|112 called and they are coming"
    "|112 is al gebeld ze zijn er"
)
NO_PROMISES = _each(
    "man in politie uniform|nep politie komt aan de deur|man zegt dat hij van de politie komt"
    "|zogenaamde agent komt pinpas halen|politie gebeld|politie bellen graag|bel de politie"
    "|geen politie te zien|112 gebeld|police not called yet|brandweerwagen in brand|ambulance nodig"
    "|ambulance gebeld|er komt rook uit het dak|ze komen eraan rennen"
    "|man claims police are coming to fetch his jewellery|kom niet zelf"
    "|brandweer nodig er komt rook uit het dak|rook komt uit het dak brandweer nodig"
    "|112 gebeld ze rijden richting esdoornlaan|hulp nodig man komt binnen|help er komt iemand binnen"
    "|vrouw roept om hulp man komt eraan|bel 112 hij komt eraan|112 nog niet gebeld hij rijdt weg"
    "|help someone is coming in|ze sturen elkaar berichten|help him he is on the way to the lake"
)


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_goes_and_what_is_said_beside_it_stays(promise: str) -> None:
    assert without_promises(f"man voelt aan deuren, {promise}") == "man voelt aan deuren"
    assert without_promises(f"man voelt aan deuren {promise}") == "man voelt aan deuren"
    assert without_promises(f"{promise} man voelt aan deuren").endswith("man voelt aan deuren")


@pytest.mark.parametrize("text", NO_PROMISES)
def test_who_is_called_or_needed_is_not_coming_for_it(text: str) -> None:
    assert without_promises(f"man voelt aan deuren, {text}") == f"man voelt aan deuren, {text}"
