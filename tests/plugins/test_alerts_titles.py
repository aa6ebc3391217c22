"""Names of people who are no members: with a title or with their house number they are hidden, and nothing else is."""

from __future__ import annotations

import pytest

from buurtwacht_alerts.masks import Hidden, mask

STREETS = ("Meidoornstraat", "Esdoornlaan")


def _masked(text: str, language: str = "nl") -> str:
    return mask(text, ("Fatima", "Henk"), "officials_only", language, streets=STREETS).text.strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bij mevrouw De Vries op nummer 23", "bij een buurtbewoner"),
        ("bij mevrouw de vries op 23", "bij een buurtbewoner"),
        ("De familie Jansen is op vakantie", "Een buurtbewoner is op vakantie"),
        ("bij de familie Van Dijk staat de deur open", "bij een buurtbewoner staat de deur open"),
        ("dhr. J. Bakker heeft hem gezien", "Een buurtbewoner heeft hem gezien"),
        ("mw Jansen-de Groot belde", "Een buurtbewoner belde"),
        ("meneer jansen is gevallen", "Een buurtbewoner is gevallen"),
        ("mevrouw De Vries Meidoornstraat 5", "Een buurtbewoner Meidoornstraat"),
        ("mevrouw De Vries in de Meidoornstraat", "Een buurtbewoner in de Meidoornstraat"),
        ("buurman Piet zag het", "Een buurtbewoner zag het"),
        ("bij Karin op nummer 12 staat een man", "bij een buurtbewoner staat een man"),
        ("bij Jansen (nr 12) is ingebroken", "bij een buurtbewoner is ingebroken"),
        ("Karin woont op nummer 14", "Een buurtbewoner woont"),
    ],
)
def test_who_is_named_with_a_title_or_a_house_is_a_neighbour(text: str, shown: str) -> None:
    assert _masked(text) == shown
    assert _masked(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mrs Smith saw a man", "A neighbour saw a man"),
        ("Mr. Jones's car was broken into", "A neighbour's car was broken into"),
        ("the De Vries family is away", "a neighbour is away"),
        ("at Karin's, Ms Van Dijk", "at Karin's, a neighbour"),
    ],
)
def test_in_english_too(text: str, shown: str) -> None:
    assert _masked(text, "en").casefold() == shown.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "auto in de Dr. Schaepmanstraat",
        "auto in de Mr. van Coothstraat",
        "man op de Mevrouw Curielaan",
        "die meneer staat er nog",
        "mevrouw loopt verward rond",
        "een meneer in zwarte jas",
        "Meneer zag een auto",
        "MEVROUW LOOPT OP STRAAT",
        "café Meneer Jansen",
        "bij de Kerk op 5 mei",
        "van Breda op 12 januari",
        "family car is gone",
        "the whole family is away",
        "Miss you all",
        "de familie is op vakantie",
        "bij Jumbo staat een man",
        "Esdoornlaan bij de school",
    ],
)
def test_streets_shops_and_titles_alone_stay(text: str) -> None:
    assert _masked(text) == text


@pytest.mark.parametrize("text", ["bij Jumbo op nummer 5", "bij Albert Heijn op nummer 12", "bij Action nr 5"])
def test_a_shop_with_a_number_is_no_neighbour(text: str) -> None:
    found = mask(text, ("Fatima",), "officials_only", "nl", streets=STREETS)
    assert Hidden.NAME not in found.hidden


@pytest.mark.parametrize(
    "text", ["mevrouw " * 2000, "mevrouw De " * 1500, "bij Aa op " * 2000, "A. " * 4000, "Van " * 4000]
)
def test_what_is_pasted_takes_no_time(text: str) -> None:
    assert isinstance(_masked(text), str)
