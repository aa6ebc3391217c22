"""What people type under a question, and what it is taken to mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht.vocabulary.answers import (
    AnswerClass,
    classify,
    fold,
    is_bare_help,
    is_call_for_help,
    is_nearly,
    leading_number,
    match_choice,
    only_heard,
)


def _each(texts: str) -> list[str]:
    return texts.split("|")


OK = (
    "ok|oke|oké|okay|okee|OK!!|k|ja|j|jawel|jep|yes|prima|goed|alles goed|alles oke|veilig|ik ben veilig"
    "|hier alles goed|aanwezig|present|ontvangen|gezien|begrepen|👍|👍🏽|👌|✅|🙏|1|Ok, groetjes Riet de Wit|Ja hoor"
    "|oke dan|Veilg|Prma|in orde"
    "|begrpen|Goedemorgen, alles goed hier. Mvg Henk|we zijn allemaal veilig|I'm safe|all good here|yes thanks|okaaaay"
    "|geen hulp nodig, alles goed|geen probleem|no problem|ja, ik kom|Bedankt 👍|wij zijn thuis en veilig|Ok Riet"
    "|ja 👍|klopt|graag|doe maar|stuur maar|natuurlijk|nog steeds goed|mijn man en ik zijn veilig"
)
HELP = (
    "hulp|help!|sos|SOS|nood|niet veilig|niet ok|niet oké|niet oke|gaat niet goed|kom snel|ik kan er niet uit|🆘|HELP"
    "|not safe|not ok|i need help|ok maar hulp nodig|het gaat niet zo goed|onveilg|ik ben gevallen|I can't get out"
    "|hulp!!!|huuulp|niet helemaal goed|nee, niet veilig|oma is niet veilig|neit oke|hulp 👍|niet ok maar wel thuis"
    "|I've fallen|mijn moeder is gevallen"
)
UNCLEAR = (
    "ok maar oma niet|ja maar de buurvrouw niet|veilig?|ok?|nee, alles goed|ok but the dog is gone|ja 👎|👍👎"
    "|👍 maar oma niet|oma is veilig|ok alleen de buurman doet niet open"
)
NO = (
    "nee|Nee hoor|nope|no|niet|nog niet|👎|liever niet|ik kan niet|nee dat lukt niet|n|doe maar niet|not yet"
    "|niet gezien|no thanks"
)
NONE = "|goedemorgen|wat is er?|de buurman heeft gisteren de rode auto gezien bij de kerk|🐈|...|TB-0001"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (text, meant)
        for texts, meant in (
            (OK, AnswerClass.OK),
            (HELP, AnswerClass.HELP),
            (UNCLEAR, AnswerClass.UNCLEAR),
            (NO, AnswerClass.NO),
            (NONE, AnswerClass.NONE),
            ("stop|Stop!|uitschrijven", AnswerClass.STOP),
        )
        for text in texts.split("|")
    ],
)
def test_an_answer_is_read_as_people_mean_it(text: str, meant: AnswerClass) -> None:
    assert classify(text) is meant


@pytest.mark.parametrize(
    "friendly", ["ok", "oke", "goed", "veilig", "prima", "safe", "good", "fine", "alright", "okay"]
)
@pytest.mark.parametrize("pattern", ["niet {}", "not {}", "oma is niet {}", "niet echt {}", "Niet zo {}!"])
def test_a_negated_friendly_word_is_never_ok(friendly: str, pattern: str) -> None:
    assert classify(pattern.format(friendly)) is AnswerClass.HELP


@pytest.mark.parametrize(
    "cry",
    [
        *_each("hulp|Hulp!|help!|HELP!!|help me|Help mij aub|sos|niet veilig|🆘|ik heb hulp nodig|we need help"),
        *_each("ik ben niet veilig|kom snel|er zit rook in huis en ik kan er niet uit|hulp nodig|i need help now"),
        *_each("het is hier niet veilig|help help|noodgeval|Please help me, he is at the door"),
    ],
)
def test_a_cry_for_help_is_heard(cry: str) -> None:
    assert is_call_for_help(cry)
    assert not is_bare_help(cry)


CRIES = (
    "hulp nodig bij beukenlaan 5",
    "hulp nodig",
    "ik heb nu hulp nodig",
    "help ik ben gevallen",
    "hulp ik ben gevallen",
    "help mij",
    "help me aub",
    "hulp mijn moeder is gevallen",
    "help mijn man ligt op de grond",
    "help, er is iemand in huis",
    "hulp hij slaat me",
    "help i have fallen",
    "help there is someone in my house",
    "i need help",
    "i need help now",
    "i need help in beukenlaan 5",
    "help needed at beukenlaan 5",
    "hulp nodig beukenlaan 5",
    "snel hulp nodig in de meidoornstraat",
    "hulp mijn vader krijgt geen lucht",
    "help my husband collapsed",
    "help we zitten vast in de lift",
    "ik heb hulp nodig bij beukenlaan 5",
    "ik heb dringend hulp nodig",
    "we hebben hulp nodig",
    "hulp gevraagd beukenlaan 5 mijn man is gevallen",
    "ik ben gevallen en kan niet opstaan",
    "please help",
    "hulp aub",
    "help oma is gevallen",
)
NO_CRIES = (
    "hulp nodig bij de verhuizing",
    "wie helpt me met de boodschappen",
    "wie kan me helpen met de tuin",
    "dank voor de hulp",
    "bedankt voor jullie hulp",
    "hulpverlening is onderweg",
    "de hulpverlening heeft het druk",
    "hulp gezocht voor de buurtbarbecue",
    "hulp nodig met de computer",
    "hulp gevraagd voor het schoonmaken van het plein",
    "ik heb hulp nodig met mijn fiets",
    "ik heb hulp nodig bij de verhuizing",
    "help patrouille",
    "help melding",
    "hulp bij het invullen van de belasting",
    "help with the app",
    "help needed with moving house",
    "i need help with my bike",
    "help wanted for the barbecue",
    "can you help me move a couch",
    "thanks for the help",
    "hulp bij verhuizen gezocht",
    "help how do i report something",
    "hulp hoe werkt dit",
    "help hoe meld ik me af",
    "i need help moving a couch",
    "help me with my phone",
    "help kan ik mijn nummer wijzigen",
    "hulp voor oma gezocht",
    "hulp nodig voor de speurtocht",
    "hulp nodig om de kerstboom op te zetten",
    "hulp nodig in de tuin",
    "help commands",
    "hulp is al geregeld",
    "hulp is onderweg",
    "help stilte",
    "help mijn zoon met huiswerk",
    "help ik snap het niet",
    "hulp 3",
    "hulp nodig in de meidoornstraat voor de speurtocht",
    "hulp nodig op zaterdag 5 mei",
    "hulp nodig om 5 uur",
    "hulp nodig 5 mensen",
)


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_that_goes_on_is_heard(cry: str) -> None:
    assert is_call_for_help(cry)


@pytest.mark.parametrize("text", NO_CRIES)
def test_a_favour_or_a_question_is_no_cry(text: str) -> None:
    assert not is_call_for_help(text)


@pytest.mark.parametrize("text", ["help", "/help", "Help", "hulp?", "help?", "/hulp", " help. "])
def test_a_bare_help_opens_the_menu(text: str) -> None:
    assert is_bare_help(text)
    assert not is_call_for_help(text)


@pytest.mark.parametrize(
    "text",
    [
        *_each("ok|is het niet veilig?|can you help me with the roster?|kun je mij helpen?|ik heb geen hulp nodig|"),
        *_each("wie kan hulp bieden bij de barbecue?|verdachte auto meidoornstraat|ik kan morgen niet|help me even"),
        "ik heb hulp nodig met de verhuizing",
    ],
)
def test_other_texts_are_no_cry_for_help(text: str) -> None:
    assert not is_call_for_help(text)


def test_folding_leaves_what_commands_need() -> None:
    assert fold("  Einde   TB-0001!! ") == "einde tb-0001"
    assert fold("Stilte 22:30-07:00.") == "stilte 22:30-07:00"
    assert fold("/Mededeling: Één café") == "mededeling een cafe"
    assert fold("auto’s") == "auto's"
    assert fold("1️⃣") == "1"
    assert fold("👍🏽 !?") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", (1, "")),
        ("1.", (1, "")),
        (" 2) ", (2, "")),
        ("optie 3", (3, "")),
        ("Nr. 4", (4, "")),
        ("3 rode jas", (3, "rode jas")),
        ("3: witte bus, Lindestraat 4", (3, "witte bus, Lindestraat 4")),
        ("3,rode jas", (3, "rode jas")),
        ("2️⃣", (2, "")),
        ("#2", (2, "")),
        ("112 gebeld", None),
        ("01:42", None),
        ("1,5 uur", None),
        ("1e verdieping", None),
        ("4x geklopt", None),
        ("22-30", None),
        ("een rode jas", None),
        ("", None),
    ],
)
def test_a_printed_number_is_told_from_other_numbers(text: str, expected: tuple[int, str] | None) -> None:
    assert leading_number(text) == expected


CALLED = ("Ja, door mij", "Ja, door iemand anders", "Nee, ik ga nu bellen", "Niet nodig")
SEEN = ("Gezien", "Ik let op", "Ik heb info", "Onveilig", "Klopt niet")
SAFE = ("Veilig", "Hulp nodig", "Niet in de buurt")
SHIFT = ("Ik kom", "Ik kan niet")
YES_NO = ("Ja", "Nee")
ENGLISH = ("Yes, by me", "Yes, by someone else", "No, I will call now", "Not needed")


@pytest.mark.parametrize(
    ("labels", "text", "expected"),
    [
        (CALLED, "1", 0),
        (CALLED, "optie 2", 1),
        (CALLED, "twee", 1),
        (CALLED, "1 bedankt", 0),
        (CALLED, "1 groetjes Riet", 0),
        (CALLED, "1 ja door mij", 0),
        (CALLED, "1 ja door iemand anders", None),
        (CALLED, "1 rode jas", None),
        (CALLED, "7", None),
        (CALLED, "ja door mij", 0),
        (CALLED, "JA, DOOR MIJ!", 0),
        (CALLED, "door mij", 0),
        (CALLED, "iemand anders", 1),
        (CALLED, "door iemnad anders", 1),
        (CALLED, "ja", None),
        (CALLED, "ok", None),
        (CALLED, "nee", 2),
        (CALLED, "nope", 2),
        (CALLED, "ik ga nu bellen", 2),
        (CALLED, "niet nodig", 3),
        (CALLED, "nodig", None),
        (CALLED, "niet ndoig", 3),
        (ENGLISH, "by me", 0),
        (ENGLISH, "yes", None),
        (ENGLISH, "not needed thanks", 3),
        (ENGLISH, "no", 2),
        (ENGLISH, "someone else", 1),
        (SEEN, "gezien", 0),
        (SEEN, "gezien hoor", 0),
        (SEEN, "gezein", 0),
        (SEEN, "let op", 1),
        (SEEN, "info", 2),
        (SEEN, "klopt", None),
        (SEEN, "klopt niet", 4),
        (SEEN, "klopt niet hoor", 4),
        (SEEN, "👍", 0),
        (SEEN, "ik", None),
        (SAFE, "ok", 0),
        (SAFE, "ik ben veilig", 0),
        (SAFE, "niet veilig", 1),
        (SAFE, "hulp!", 1),
        (SAFE, "ok maar oma niet", None),
        (SAFE, "niet in de buurt", 2),
        (SHIFT, "ik kom", 0),
        (SHIFT, "ja ik kom", 0),
        (SHIFT, "kom", 0),
        (SHIFT, "kan", None),
        (SHIFT, "nee ik kan niet", 1),
        (SHIFT, "kan niet", 1),
        (YES_NO, "oke dan", 0),
        (YES_NO, "niet ok", None),
        (YES_NO, "jawel", 0),
        (YES_NO, "nee hoor", 1),
        (YES_NO, "Ja, groetjes Riet de Wit", 0),
        (YES_NO, "klopt", 0),
        (YES_NO, "doe maar", 0),
        (YES_NO, "misschien", None),
        (YES_NO, "", None),
        (("Ja", "Ja"), "ja", None),
        ((), "ja", None),
        (("Veilig", "Niet veilig"), "niet veilig", 1),
        (("Toevoegen", "Toch nieuw"), "nieuw", 1),
        (("Toevoegen", "Toch nieuw"), "toch", 1),
        (("Toevoegen", "Toch nieuw"), "toegvoegen", 0),
        (("Alleen stoppen", "Alles wissen"), "al", None),
        (("Alleen stoppen", "Alles wissen"), "wissen", 1),
    ],
)
def test_a_typed_answer_means_one_choice_or_none(labels: tuple[str, ...], text: str, expected: int | None) -> None:
    assert match_choice(text, labels, range(1, len(labels) + 1)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("geen reden", 0),
        ("geen", 0),
        ("nee", 0),
        ("nee hoor, dank je", 0),
        ("hier is geen markt", None),
        ("geen zin in", None),
        ("niet nodig bij ons", None),
        ("nee, want hier is geen markt", None),
    ],
)
def test_where_any_text_is_an_answer_too_a_sentence_with_a_no_in_it_chooses_nothing(
    text: str, expected: int | None
) -> None:
    assert match_choice(text, ("Geen reden",), (1,), free=True) == expected


def test_numbers_are_the_printed_ones() -> None:
    assert match_choice("7", YES_NO, (6, 7)) == 1
    assert match_choice("1", YES_NO, (6, 7)) is None


@given(st.text(max_size=300))
def test_nothing_that_is_typed_raises(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    classify(text)
    leading_number(text)
    place = match_choice(text, CALLED, (1, 2, 3, 4))
    assert place is None or 0 <= place < 4
    assert not (is_bare_help(text) and is_call_for_help(text))


@given(st.sampled_from(CALLED + SEEN), st.sampled_from(["", "!", ".", " ", "\n", " :)"]))
def test_the_whole_label_is_always_accepted(label: str, ending: str) -> None:
    labels = CALLED if label in CALLED else SEEN
    assert match_choice(label.upper() + ending, labels, (1, 2, 3, 4, 5)) == labels.index(label)


@pytest.mark.parametrize("text", _each("ok|Oké, dank je|gezien|ontvangen|begrepen|👍|k|Seen, thanks|OK, groet Riet"))
def test_what_may_only_say_that_it_was_read(text: str) -> None:
    assert only_heard(text)


@pytest.mark.parametrize(
    "text", _each("veilig|alles goed|ja|ik ben oké|all good|niet ok|hulp|ok maar oma niet|nee|thuis")
)
def test_what_says_more_than_that_it_was_read(text: str) -> None:
    assert not only_heard(text)


@pytest.mark.parametrize(
    ("word", "wanted", "forgiven"),
    [
        ("dinsdg", "dinsdag", True),
        ("dindsag", "dinsdag", True),
        ("dinsdaag", "dinsdag", True),
        ("dinsdag", "dinsdag", True),
        ("donsdg", "dinsdag", False),
        ("jul", "juli", False),
        ("juni", "juli", False),
        ("ja", "ja", True),
    ],
)
def test_one_letter_is_forgiven_in_words_of_five_or_more(word: str, wanted: str, forgiven: bool) -> None:
    assert is_nearly(word, wanted) is forgiven
