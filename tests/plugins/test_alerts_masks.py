"""What members never see: plates, numbers, addresses, names of neighbours; and what is held for a question."""

from __future__ import annotations

import re
import string
import time
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from buurtwacht_alerts.masks import Hidden, mask, neutral, problems
from buurtwacht_alerts.plates import SIDECODES, find_plates
from buurtwacht_alerts.reading import read

from .report_sentences import REPORTS

NIGHT = datetime(2026, 1, 16, 1, 42, tzinfo=UTC)
STREETS = ("Meidoornstraat", "Esdoornlaan", "Anna Paulownalaan", "Laan van Brabant")
NAMES = ("Fatima", "Henk de Vries", "Anne-Marie", "Wil", "Roos", "J. Bakker", "Bo", "Mohammed El Amrani", "Politie")


def _each(texts: str) -> list[str]:
    return texts.split("|")


def masked(text: str, plates: str = "officials_only", language: str = "nl") -> str:
    assert plates in ("officials_only", "partial", "members")
    return mask(text, NAMES, plates, language, streets=STREETS).text  # type: ignore[arg-type]


def kinds(text: str) -> set[Hidden]:
    return set(mask(text, NAMES, "officials_only", "nl", streets=STREETS).hidden)


@pytest.mark.parametrize(
    "text",
    [
        "verdachte auto meidoornstraat, rijdt stapvoets, lichten uit",
        "TB-0001 is nog open, zie ook TB-R2 en LD-0123",
        "om 01:42 gezien, 112 gebeld om 01:43",
        "bel 0900-8844 of 14 0165, anoniem 0800-7000 of 0800 7000",
        "4 mannen, 2 auto's, 10 min geleden",
        "Meidoornstraat 4 mannen kijken naar binnen",
        "op 16-01-2026 om 01:42 in Meidoornstraat",
        "nummers 12 en 14 tot 16",
        "man van 1.80 lang, ongeveer 30 jaar",
        "zwarte BMW 320d, Peugeot 206, Audi A3 en Kia EV6 op de A58 bij afrit 24",
        "bus 12 naar het station, maat 46, zo'n 20 jaar, 50-60 km/u",
        "om 10.30 uur, 23u of 23:15:10, 16-1-26, € 12,50 en 1.250 euro",
        "2x geklopt, 3e keer, 24/7, 1e verdieping, bouwjaar 1998",
        "postcode 4707 AB",
        "50plus, 24uurs en 9uur30",
        "kost 12,50 euro",
        "iemand wil naar binnen, roos op de jas",
        "Anna Paulownalaan bij de school",
        "Bel 112. Wil je bellen?",
        "",
    ],
)
def test_what_is_nobodys_secret_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("witte bus, 12-ABC-3", "witte bus, kenteken bekend bij coördinator"),
        ("witte bus met kenteken 12-ABC-3 rijdt weg", "witte bus kenteken bekend bij coördinator rijdt weg"),
        ("auto gb-123-x", "auto kenteken bekend bij coördinator"),
        ("auto 1-ABC-123", "auto kenteken bekend bij coördinator"),
        ("auto 1ABC123", "auto kenteken bekend bij coördinator"),
        ("auto GB123X weg", "auto kenteken bekend bij coördinator weg"),
        ("auto 12 GH 34 weg", "auto kenteken bekend bij coördinator weg"),
        ("kenteken begint met 12-G", "kenteken bekend bij coördinator"),
        ("laatste drie 482 van het kenteken", "kenteken bekend bij coördinator"),
        ("nummerbord GB 123 X", "kenteken bekend bij coördinator"),
        ("kenteken hkf 74 x", "kenteken bekend bij coördinator"),
        ("autoGB-123-Xweg", "auto kenteken bekend bij coördinator weg"),
    ],
)
def test_plates_are_for_officials(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(text, "members") == text


def test_a_partial_plate_shows_its_last_group() -> None:
    assert masked("bus 12-ABC-3 weg", "partial") == "bus **-***-9 weg".replace("9", "3")
    assert masked("bus GB123X weg", "partial") == "bus **-***-X weg"
    assert masked("bus 12-ABC-3", "officials_only", "en") == "bus plate known to the co-ordinator"


@pytest.mark.parametrize(
    "number",
    [
        *("0612345678", "06-12345678", "06 12 34 56 78", "06.12.34.56.78", "(06) 12345678", "+31612345678"),
        *("+31 6 12345678", "+31 (0)6 12 34 56 78", "0031612345678", "31612345678", "0165-123456", "0165 12 34 56"),
        *("+32 470 12 34 56", "0470/12.34.56", "03 123 45 67", "+49 170 1234567", "0170 1234567", "6 12345678"),
    ],
)
@pytest.mark.parametrize(
    "sentence", ["bel mij op {}", "{} is mijn nummer", "TB-0001 {}", "tel-{}", "tel:{},", "wa.me/{} om 01:42"]
)
def test_phone_numbers_go(number: str, sentence: str) -> None:
    shown = masked(sentence.format(number))
    assert shown == sentence.format("[telefoonnummer weggelaten]")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mail henk.devries@example.nl", Hidden.EMAIL),
        ("NL91 ABNA 0417 1643 00", Hidden.IBAN),
        ("nl91abna0417164300", Hidden.IBAN),
        ("BE68 5390 0754 7034", Hidden.IBAN),
        ("DE89370400440532013000", Hidden.IBAN),
        ("bsn 111222333", Hidden.BSN),
        ("bsn 1112.22.333", Hidden.BSN),
    ],
)
def test_other_identifiers_go(text: str, kind: Hidden) -> None:
    assert kinds(text) == {kind}
    assert not re.search(r"\d|@", masked(text))


@pytest.mark.parametrize(
    "number",
    _each(
        "NL 91 ABNA 0417164300|ibanNL91ABNA0417164300|FR14 2004 1010 0505 0001 3M02 606|GB29 NWBK 6016 1331 9268 19"
        "|PL61 1090 1014 0000 0712 1981 2874|RO49 AAAA 1B31 0075 9384 0000|ES91 2100 0418 4502 0005 1332"
    ),
)
def test_account_numbers_of_any_country_go(number: str) -> None:
    assert not re.search(r"\d", masked(f"maak over op {number} svp"))


@pytest.mark.parametrize(
    "number",
    _each(
        "06_12345678|06/12345678|06 : 12345678|06,12345678|06*12345678|06 1 2 3 4 5 6 7 8|nul zes 12345678|O6-12345678"
        "|06-een twee drie vier vijf zes zeven acht|06\u00a012345678|0612345678910|\uff10\uff16\uff11\uff12\uff13\uff14"
        "\uff15\uff16\uff17\uff18"
    ),
)
def test_phone_numbers_go_however_they_are_typed(number: str) -> None:
    assert masked(f"bel {number} even") == "bel [telefoonnummer weggelaten] even"
    assert masked("bel06-12345678") == "bel[telefoonnummer weggelaten]"


@pytest.mark.parametrize(
    "address",
    _each(
        "jan@voorbeeld.nl|JAN@VOORBEELD.NL|jan.de-vries+x@sub.voorbeeld.amsterdam|jan (at) voorbeeld.nl|jan@voorbeeld"
        "|jan[at]voorbeeld[dot]nl|jan at voorbeeld dot nl|jan @ voorbeeld . nl|jan apenstaartje voorbeeld punt nl"
    ),
)
def test_mail_addresses_go_however_they_are_typed(address: str) -> None:
    assert masked(f"mail {address} svp") == "mail [e-mailadres weggelaten] svp"


@pytest.mark.parametrize(
    "link",
    _each(
        "https://facebook.com/jan.jansen|www.marktplaats.nl/v/123|facebook.com/jan|@jan_jansen|t.me/janj|bit.ly/abc"
        "|https://wa.me/31612345678"
    ),
)
def test_links_and_accounts_of_people_go(link: str) -> None:
    assert masked(f"zie {link} daar") == "zie [link weggelaten] daar"
    assert masked("instagram jan_jansen99") == "instagram [link weggelaten]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hij staat bij 9F36GFJ8+84", "hij staat bij 9F36GFJ8+"),
        ("hij staat bij J8+84 Roosendaal", "hij staat bij [plek bekend bij coördinator] Roosendaal"),
        ("///appel.boom.vis", "[plek bekend bij coördinator]"),
        ("18+ feest, 2+2, en/of 24/7", "18+ feest, 2+2, en/of 24/7"),
    ],
)
def test_a_code_for_a_point_is_told_no_more_exactly_than_a_street(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_nine_digits_that_fail_the_test_are_no_citizen_number() -> None:
    assert masked("order 111222334") == "order 111222334"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("brand Meidoornstraat 12", "brand Meidoornstraat"),
        ("brand Meidoornstraat 12a, vlammen", "brand Meidoornstraat, vlammen"),
        ("brand meidoornstr. 12-14", "brand meidoornstr"),
        ("brand Meidoornstraat nr. 12 met rook", "brand Meidoornstraat met rook"),
        ("fire at 12 Meidoornstraat", "fire at Meidoornstraat"),
        ("brand op nummer 12", "brand"),
        ("brand in de Wilgenstraat 3", "brand in de Wilgenstraat"),
        ("mevrouw de Wit op 12 is gevallen", "Een buurtbewoner is gevallen"),
        ("bij Jansen nr 14", "bij een buurtbewoner"),
        ("4707 AB 12", "4707 AB"),
        ("Meidoornstraat 12 14 16 18", "Meidoornstraat"),
        ("meidoornstraat12", "meidoornstraat"),
        ("12, Meidoornstraat", "Meidoornstraat"),
        ("fam. de Boer 14", "Een buurtbewoner"),
        ("mevr Visser woont op 33", "Een buurtbewoner woont"),
        ("het huis van Jansen, 12", "het huis van een buurtbewoner"),
        ("Jansen (12)", "Jansen"),
        ("hier op 14a", "hier"),
        ("brand op nummer twaalf", "brand op"),
        ("nr12 brandt", "brandt"),
    ],
)
def test_house_numbers_go(text: str, shown: str) -> None:
    assert masked(text).strip() == shown
    assert Hidden.HOUSE_NUMBER in kinds(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fatima ziet een man", "Een buurtbewoner ziet een man"),
        ("gezien door Fatima en Henk", "gezien door een buurtbewoner en een buurtbewoner"),
        ("gezien door fatima", "gezien door een buurtbewoner"),
        ("man bij buurman Henk op 12", "man bij een buurtbewoner"),
        ("bij Henk de Vries aan de deur", "bij een buurtbewoner aan de deur"),
        ("Fatima's auto", "Een buurtbewoner z'n auto"),
        ("de auto van FATIMA", "de auto van een buurtbewoner"),
        ("Anne-Marie belt", "Een buurtbewoner belt"),
        ("volgens Wil staat hij er nog", "volgens een buurtbewoner staat hij er nog"),
        ("hij wil naar binnen", "hij wil naar binnen"),
        ("Wil naar binnen", "Wil naar binnen"),
        ("Fatimastraat", "Fatimastraat"),
        ("politie is er", "politie is er"),
        ("Roos ziet hem", "Een buurtbewoner ziet hem"),
        (
            "bij Henk, Meidoornstraat 12, kenteken 12-ABC-3",
            "bij een buurtbewoner, Meidoornstraat, kenteken bekend bij coördinator",
        ),
        ("zie mijn Henk", "zie een buurtbewoner"),
        ("Wil zag het", "Een buurtbewoner zag het"),
        ("de auto van El Amrani", "de auto van een buurtbewoner"),
        ("de auto van de Vries", "de auto van een buurtbewoner"),
        ("buurvrouw Bakker (nr 12) zag het", "Een buurtbewoner zag het"),
        ("bij de bakker om de hoek", "bij de bakker om de hoek"),
        ("Fatima van Dijk ziet een man", "Een buurtbewoner ziet een man"),
        ("gezien door fatima van der Heijden-Smit", "gezien door een buurtbewoner"),
        ("bij Fatima Yilmaz aan de deur", "bij een buurtbewoner aan de deur"),
        ("Fatima van 't Hof belt", "Een buurtbewoner belt"),
        ("Fatima van Dijk's auto", "Een buurtbewoner z'n auto"),
        ("Fatima van Dijk en Bo Jansen", "Een buurtbewoner en een buurtbewoner"),
        ("Fatima Roos Bo", "Een buurtbewoner een buurtbewoner een buurtbewoner"),
        ("Fatima van de Meidoornstraat zag het", "Een buurtbewoner van de Meidoornstraat zag het"),
        ("Fatima Meidoornstraat 12", "Een buurtbewoner Meidoornstraat"),
        ("Fatima Politie gebeld", "Een buurtbewoner Politie gebeld"),
        ("Fatima de Inbraak gezien", "Een buurtbewoner de Inbraak gezien"),
        ("ik zag Fatima. Brand bij de buren", "ik zag een buurtbewoner. Brand bij de buren"),
        ("Fatima de Wit belt", "Een buurtbewoner belt"),
        ("Fatima Zwarte auto gezien", "Een buurtbewoner Zwarte auto gezien"),
        ("Fatima, Jansen belt", "Een buurtbewoner, Jansen belt"),
        ("Fatima van de overkant zag het", "Een buurtbewoner van de overkant zag het"),
        ("Fatima", "Een buurtbewoner"),
    ],
)
def test_names_of_neighbours_become_a_neighbour(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_names_in_english() -> None:
    assert masked("seen by Fatima's son", language="en") == "seen by a neighbour's son"


FRAGMENTS = st.sampled_from(
    _each(
        "man voelt aan deuren|Meidoornstraat 12|Fatima|bij Henk op 3|TB-0001|01:42|112 gebeld|0900-8844|12-ABC-3"
        "|kenteken|nr 7|0612345678|NL91ABNA0417164300|a@b.nl|, |. |Esdoornlaan|4 mannen|Roos|fatima's|mevrouw de Wit|op"
        "|12|en|111222333|-|buurman|een|4707AB|+31 6|345678|plate"
    )
)
TEXTS = st.lists(FRAGMENTS, max_size=9).map(" ".join) | st.lists(FRAGMENTS, max_size=6).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(FRAGMENTS, max_size=9).map(" ".join) | st.text(max_size=200) | st.lists(FRAGMENTS, max_size=6).map("".join)
)
def test_masking_twice_changes_nothing(text: str) -> None:
    for policy in ("officials_only", "partial", "members"):
        once = masked(text, policy)
        assert masked(once, policy) == once
    assert problems(neutral(text)) == ()


DIGIT = st.sampled_from(string.digits)
WORDS_AROUND = st.sampled_from(["auto", "man met jas", "Lindestraat", "TB-0001", "om 01:42", "112 gebeld,", "(", ""])


@st.composite
def phone_numbers(draw: st.DrawFn) -> str:
    rest = "".join(draw(st.lists(DIGIT, min_size=8, max_size=8)))
    start = draw(st.sampled_from(["06", "06-", "06 ", "+316", "+31 6 ", "00316", "+31(0)6", "0031 6 "]))
    step = draw(st.sampled_from([8, 4, 2]))
    joint = draw(st.sampled_from([" ", "-", ".", ""]))
    return start + joint.join(rest[at : at + step] for at in range(0, 8, step))


@st.composite
def licence_plates(draw: st.DrawFn) -> str:
    consonants = st.sampled_from("BDFGHJKLNPRSTVXZ")
    code = draw(st.sampled_from(SIDECODES))
    joint = draw(st.sampled_from(["-", " ", "", " - ", "/", ".", "_", "  "]))
    plate = joint.join(
        "".join(draw(DIGIT if sign == "9" else consonants) for sign in group) for group in code.split("-")
    )
    # A short id and a postcode look like the oldest plates when those are written without their dashes.
    assume(joint or not re.fullmatch(r"[A-Z]{2}0\d{3}", plate))
    return plate


@settings(max_examples=300, deadline=None)
@given(phone_numbers(), WORDS_AROUND, WORDS_AROUND)
def test_no_phone_number_gets_through(number: str, before: str, after: str) -> None:
    digits = re.sub(r"\D", "", number)[-8:]
    assume(number[-8:] not in before)
    shown = masked(f"{before} {number} {after}")
    assert digits not in re.sub(r"\D", "", shown)
    assert digits[-4:] not in shown or digits[-4:] in before + after


@settings(max_examples=300, deadline=None)
@given(licence_plates(), WORDS_AROUND, WORDS_AROUND, st.booleans())
def test_no_plate_gets_through(plate: str, before: str, after: str, capitals: bool) -> None:
    # "nr1000" is a number and "10kg99" a weight, unless somebody writes them as a plate is written.
    small = not capitals and " " not in plate and not re.search("NR|KG|ST", plate)
    shown = masked(f"{before} {plate.lower() if small else plate} {after}")
    assert plate.lower() not in shown.lower()
    assert "kenteken bekend" in shown


@pytest.mark.parametrize("text", ["a" * 5000, "1 " * 2500, "Meidoornstraat " + "1 " * 2000, "@." * 2500, "nl91" * 1250])
def test_a_page_of_nonsense_costs_little(text: str) -> None:
    start = time.process_time()
    shown = masked(text)
    assert time.process_time() - start < 1.5
    assert masked(shown) == shown


def test_plates_are_found_in_order() -> None:
    assert [plate.text for plate in find_plates("12-ABC-3 en gb-123-x")] == ["12-ABC-3", "GB-123-X"]


SECRETS = st.one_of(
    phone_numbers(),
    licence_plates(),
    st.sampled_from(["NL91 ABNA 0417 1643 00", "BE68539007547034", "DE89 3704 0044 0532 0130 00"]),
    st.sampled_from(["henk.devries@voorbeeld.nl", "jan (at) voorbeeld.nl", "riet@mail.amsterdam"]),
)
SENTENCES = st.sampled_from([sentence.text for sentence in REPORTS])


@settings(max_examples=300, deadline=None)
@given(SENTENCES, SECRETS, st.integers(0, 400), st.sampled_from(["", "woord " * 45, "man kijkt in auto's, " * 14]))
def test_nothing_that_members_read_of_a_report_holds_what_is_secret(
    sentence: str, secret: str, at: int, padding: str
) -> None:
    typed = f"{padding}{sentence}"
    words = typed.split(" ")
    cut = at % (len(words) + 1)
    found = read(" ".join([*words[:cut], secret, *words[cut:]]), STREETS, NIGHT)
    shown = " ".join(masked(part) for part in (found.behaviour, found.description, found.place, found.vehicle))
    for part in re.split(r"[^A-Za-z0-9@]+", secret):
        if len(part) > 3 or (part.isdigit() and len(part) > 2):
            assert part.lower() not in shown.lower()
