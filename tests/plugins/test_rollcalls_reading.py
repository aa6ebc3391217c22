"""Answers of ordinary people to a safety check (domain §5.3): nobody is called safe who did not say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht_rollcalls import proxy
from buurtwacht_rollcalls.findings import Word, read_word
from buurtwacht_rollcalls.reading import Other, is_who, needs_help, read
from buurtwacht_rollcalls.records import Value

SAFE, HELP, AWAY, QUESTION = Value.SAFE, Value.HELP, Value.AWAY, Value.QUESTION

#: domain §5.3, the OK class, word for word; then what people add.
OK_CLASS = [
    "ok", "oke", "oké", "okay", "okee", "k", "ja", "j", "jawel", "jep", "yes", "prima", "goed", "alles goed",
    "alles oke", "veilig", "ik ben veilig", "hier alles goed", "aanwezig", "present", "ontvangen", "gezien",
    "begrepen", "👍", "👌", "✅", "🙏", "1",
    "Ok, groetjes Riet de Wit", "OK!!!", "ja hoor", "Veilig.", "wij zijn allemaal veilig", "alles goed hier, dank je",
    "veilgi", "prima hoor", "ja, alles goed", "we are safe", "all good", "I'm fine, thanks", "oke dan",
]  # fmt: skip
HELP_CLASS = [
    "hulp", "help!", "sos", "nood", "niet veilig", "niet ok", "niet oke", "gaat niet goed", "kom snel",
    "ik kan er niet uit", "🆘", "HULP", "help me", "nee", "nee hoor", "neen", "no", "ik ben gevallen", "hulp nodig",
    "ik heb hulp nodig", "not safe", "I'm stuck", "we are not ok", "👎", "het gaat helemaal niet goed",
]  # fmt: skip


@pytest.mark.parametrize("text", OK_CLASS)
def test_who_says_so_is_safe(text: str) -> None:
    assert read(text) is SAFE


@pytest.mark.parametrize("text", HELP_CLASS)
def test_who_needs_help_is_never_safe(text: str) -> None:
    assert read(text) is HELP


@pytest.mark.parametrize(
    "text",
    [
        "ok maar oma niet",
        "ja maar de kelder loopt vol",
        "alles goed behalve de kat",
        "goed, op één na",
        "ok, but my mother does not answer",
        "oke?",
        "is het veilig?",
        "nee alles goed",
        "👍 maar papa niet",
        "👍👎",
        "de kelder staat blank",
        "mijn buurvrouw doet niet open",
    ],
)
def test_what_is_not_clear_goes_to_a_human(text: str) -> None:
    assert read(text) is QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "niet thuis",
        "ik ben niet thuis",
        "wij zijn op vakantie",
        "ik zit op mijn werk",
        "niet in de buurt",
        "ben weg",
        "we zijn even weg",
        "ik ben in het buitenland tot zondag",
        "we are on holiday",
        "not at home",
        "I'm at work",
        "ok, niet thuis",
        "nee ik ben niet thuis",
    ],
)
def test_who_is_elsewhere_is_neither_safe_nor_in_need(text: str) -> None:
    assert read(text) is AWAY


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("oma is niet thuis gekomen", QUESTION),
        ("niet thuis maar mijn dochter wel", QUESTION),
        ("ik ben niet veilig thuis", HELP),
        ("help", Other.BARE_HELP),
        ("Help?", Other.BARE_HELP),
        ("hulp?", Other.BARE_HELP),
        ("stop", Other.NOTHING),
        ("wie is dit?", Other.WHO),
        ("Wie vraagt dit", Other.WHO),
        ("waarom?", Other.WHO),
        ("waarom vraag je dit", Other.WHO),
        ("van wie is dit bericht", Other.WHO),
        ("is dit echt?", Other.WHO),
        ("who is this?", Other.WHO),
        ("why are you asking", Other.WHO),
        ("what's going on?", Other.WHO),
    ],
)
def test_what_else_is_said(text: str, meant: Value | Other) -> None:
    assert read(text) is meant


@pytest.mark.parametrize("text", ["wie kan mij helpen", "waarom helpt niemand mij, ik ben gevallen", "wie o wie"])
def test_a_question_for_help_is_not_one_for_a_name(text: str) -> None:
    assert not is_who(text)


@pytest.mark.parametrize(
    ("chosen", "rest", "meant"),
    [
        (SAFE, "", SAFE),
        (SAFE, "Riet de Wit", SAFE),
        (SAFE, "groetjes Riet", SAFE),
        (SAFE, "dank je wel", SAFE),
        (SAFE, "alles goed", SAFE),
        (SAFE, "gewonde", QUESTION),
        (SAFE, "maar oma niet", QUESTION),
        (SAFE, "niet oke", HELP),
        (SAFE, "hulp", HELP),
        (AWAY, "in Duitsland", AWAY),
        (AWAY, "maar mijn moeder is thuis", QUESTION),
        (HELP, "alles goed", HELP),
        (HELP, "we zitten vast", HELP),
    ],
)
def test_words_behind_a_number_can_only_make_it_less_sure(chosen: Value, rest: str, meant: Value) -> None:
    assert read(rest, chosen=chosen, name="Riet de Wit") is meant


@pytest.mark.parametrize("text", ["ja", "nee", "👍", "ja hoor"])
def test_yes_to_is_anybody_hurt_says_nothing_about_him(text: str) -> None:
    assert read(text, asks_trouble=True) is Other.WHICH


def test_a_word_of_safety_is_clear_even_then() -> None:
    assert read("alles goed", asks_trouble=True) is SAFE
    assert read("hulp nodig", asks_trouble=True) is HELP


@given(st.text(max_size=200))
def test_a_negation_is_never_safe(text: str) -> None:
    assert read(f"niet {text}"[:200]) is not SAFE or "niet" not in text
    assert read(f"ok maar {text}") is not SAFE


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ja", "yes"),
        ("ja graag snel", "yes"),
        ("hulp", "yes"),
        ("niet goed", "yes"),
        ("nee", "no"),
        ("nee dank je", "no"),
        ("ok", ""),
        ("oke dan", ""),
        ("alles goed", "safe"),
        ("ik ben veilig", "safe"),
        ("ok maar ze ligt nog", ""),
        ("ze ligt op bed", ""),
        ("👍", ""),
    ],
)
def test_whether_help_is_needed(text: str, meant: str) -> None:
    assert needs_help(text) == meant


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("ja", Word.GOING),
        ("ok", Word.GOING),
        ("👍", Word.GOING),
        ("ik ga", Word.GOING),
        ("ik ga kijken", Word.GOING),
        ("on my way", Word.GOING),
        ("het gaat goed", Word.WELL),
        ("alles goed", Word.WELL),
        ("she is fine", Word.WELL),
        ("geen gehoor", Word.NO_ANSWER),
        ("ze doet niet open", Word.NO_ANSWER),
        ("niemand thuis", Word.NO_ANSWER),
        ("no answer", Word.NO_ANSWER),
        ("hulp", Word.HELP),
        ("ze is gevallen", Word.HELP),
        ("het gaat niet goed", Word.HELP),
        ("kan niet", Word.CANNOT),
        ("nee", Word.CANNOT),
        ("ik ben niet thuis", Word.CANNOT),
        ("ok maar ik twijfel", None),
        ("misschien", None),
    ],
)
def test_what_a_key_holder_reports(text: str, word: Word | None) -> None:
    assert read_word(text) is word


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("jan veilig via zoon", ("jan", "veilig", "zoon", "")),
        ("Jan de Wit is veilig via zijn zoon", ("Jan de Wit", "veilig", "zijn zoon", "")),
        ("TB-R1 jan veilig via zoon", ("jan", "veilig", "zoon", "TB-R1")),
        ("jan veilig via zoon TB-R1", ("jan", "veilig", "zoon", "TB-R1")),
        ("riet hulp nodig via buurman", ("riet", "hulp nodig", "buurman", "")),
        ("riet niet in de buurt volgens Anna", ("riet", "niet in de buurt", "Anna", "")),
        ("jan safe according to his son", ("jan", "safe", "his son", "")),
    ],
)
def test_what_a_co_ordinator_heard(text: str, told: tuple[str, str, str, str]) -> None:
    found = proxy.parse(text)
    assert found is not None
    assert (found.name, found.said, found.via, found.short) == told


@pytest.mark.parametrize(
    "text", ["veilig via zoon", "ik ben veilig", "ok maar oma niet", "via via", "jan komt via de achterdeur"]
)
def test_what_tells_of_nobody_else(text: str) -> None:
    found = proxy.parse(text)
    assert found is None or found.said == "komt"
