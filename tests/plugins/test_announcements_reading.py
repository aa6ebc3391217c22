"""How an announcement is read: what belongs to its words and what to us, and until when it holds."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buurtwacht import Refusal
from buurtwacht_announcements.reading import LONGEST_BODY, read
from buurtwacht_announcements.records import Class, Replies
from buurtwacht_announcements.validity import read_validity

HERE = ZoneInfo("Europe/Amsterdam")
#: A Tuesday.
NOW = datetime(2026, 3, 31, 10, 0, tzinfo=HERE)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Geen water. Geldig tot vrijdag 18:00", "2026-04-03 18:00"),
        ("geldig tot en met vrijdag.", "2026-04-03 23:59"),
        ("De brug is dicht t/m 3 april, omrijden kan", "2026-04-03 23:59"),
        ("geldig tot vrijdag 3 april om 12 uur", "2026-04-03 12:00"),
        ("Geldig tot: 18.00 uur", "2026-03-31 18:00"),
        ("geldig tot 18:00 op vrijdag 3 april", "2026-04-03 18:00"),
        ("geldig tot dinsdag 09:00", "2026-04-07 09:00"),
        ("geldig tot dinsdag", "2026-03-31 23:59"),
        ("geldig tot volgende week vrijdag", "2026-04-10 23:59"),
        ("geldig tot morgen 8 uur 's avonds", "2026-04-01 20:00"),
        ("geldig t/m 2026-04-03", "2026-04-03 23:59"),
        ("geldig tot 3/4 18u", "2026-04-03 18:00"),
        ("geldig tot middernacht", "2026-03-31 23:59"),
        ("valid until Friday 6 pm", "2026-04-03 18:00"),
        ("valid until April 3, 2026 at 5pm", "2026-04-03 17:00"),
        ("Valid through 3rd of April", "2026-04-03 23:59"),
        ("closed until 3 April", "2026-04-03 23:59"),
        ("kermis t/m 3 april, braderie t/m 5 april", "2026-04-05 23:59"),
        ("t/m 2 januari 2027", "2027-01-02 23:59"),
    ],
)
def test_until_when_it_holds(text: str, until: str) -> None:
    assert read_validity(text, NOW) == datetime.fromisoformat(until).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    "text",
    [
        "Vanaf maandag geen water.",
        "open ma t/m vr van 9 tot 17 uur",
        "de kermis was t/m 3 maart",
        "geldig tot nader order",
        "valid until further notice",
        "Het verbod geldt tot aan de brug",
        "Geldig: ja",
        "we zijn dicht tot vrijdag",
        "het contract loopt t/m 31 december 2029",
    ],
)
def test_what_says_nothing_of_its_end(text: str) -> None:
    assert read_validity(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("geldig tot 09:00", "refused.over"),
        ("geldig tot 30-3-2026", "refused.over"),
        ("geldig tot 1 januari", "refused.over"),
        ("geldig tot 31 februari", "refused.validity"),
        ("weg dicht t/m 31 april", "refused.validity"),
        ("geldig tot sint juttemis", "refused.validity"),
        ("geldig tot 25:00", "refused.validity"),
        ("valid until whenever", "refused.validity"),
        ("geldig tot zaterdag 3 april", "refused.weekday"),
        ("geldig tot 3 april 2029", "refused.far"),
    ],
)
def test_an_end_that_cannot_be_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_validity(text, NOW)
    assert refused.value.text.key == why


def test_its_end_is_by_the_clock_on_the_wall_in_the_night_of_summer_time() -> None:
    before = datetime(2026, 3, 28, 22, 0, tzinfo=HERE)
    until = read_validity("geldig tot zondag 08:00", before)
    assert until is not None
    assert until.isoformat() == "2026-03-29T08:00:00+02:00"


@pytest.mark.parametrize(
    ("text", "replies", "options", "urgency"),
    [
        ("Het park is dicht.", None, (), None),
        ("Het park is dicht.\nantwoorden: aan mij", Replies.SENDER, (), None),
        ("The park is closed.\n\nReplies: to me.", Replies.SENDER, (), None),
        ("Het park is dicht.\nantwoorden: geen", Replies.NONE, (), None),
        ("Komt er een bank?\npeiling: Ja / Nee / Weet niet", Replies.POLL, ("Ja", "Nee", "Weet niet"), None),
        ("A bench?\nPoll: Yes/No\nclass: warm", Replies.POLL, ("Yes", "No"), Class.WARM),
        ("Het park is dicht.\nklasse: koud", None, (), Class.COLD),
    ],
)
def test_the_last_lines_say_what_to_do_with_it(
    text: str, replies: Replies | None, options: tuple[str, ...], urgency: Class | None
) -> None:
    words = read(text, NOW)
    assert (words.replies, words.options, words.urgency) == (replies, options, urgency)
    assert words.body == text.split("\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        "Park dicht\nAntwoorden: bel ons op 14 0165",
        "Park dicht\nPeiling: zie de site",
        "Let op: het park is dicht\nTot: morgen",
        "peiling: a / b\nHet park is dicht",
    ],
)
def test_lines_that_only_resemble_them_belong_to_the_words(text: str) -> None:
    words = read(text, NOW)
    assert words.body == text
    assert words.replies is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "refused.empty"),
        ("peiling: Ja / Nee", "refused.empty"),
        (" \n!!\n", "refused.empty"),
        ("a" * (LONGEST_BODY + 1), "refused.long"),
        ("Stank " * 2000, "refused.long"),
        ("Bank?\npeiling: Ja / ja", "refused.poll"),
        ("Bank?\npeiling: Ja / / Nee", "refused.poll"),
        ("Bank?\npeiling: " + " / ".join("abcdefghijk"), "refused.poll"),
        ("Bank?\npeiling: Ja, maar alleen bij de vijver / Nee", "refused.poll.long"),
    ],
)
def test_what_cannot_be_sent_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text, NOW)
    assert refused.value.text.key == why


def test_a_short_first_line_is_its_title() -> None:
    assert read("Vaccinatie in de Kring\n\nMaandag van 9 tot 12.", NOW).title == "Vaccinatie in de Kring"
    assert read("Maandag van 9 tot 12 in de Kring.", NOW).title == ""
    assert read("a" * 61 + "\nMaandag", NOW).title == ""


lines = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60)


@given(
    st.lists(lines, min_size=1, max_size=8).map("\n".join), st.sampled_from(["", "\nklasse: warm", "\nreplies: to me"])
)
@example("  Kop  \n\n\n  • 1e\t punt\n  • 2e   punt  ", "\npeiling: Ja / Nee")
def test_not_a_letter_of_it_is_changed(text: str, instruction: str) -> None:
    """R47: what he wrote is a part of what he typed, from its first sign to its last."""
    try:
        words = read(text + instruction, NOW)
    except Refusal:
        return
    assert words.body in text
    assert words.body == words.body.strip()
    rest = text.strip().removeprefix(words.body).strip()
    assert all(":" in line for line in rest.split("\n") if line.strip())
