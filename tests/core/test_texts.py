"""Texts as people read them: in their language, their form of address, their time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from buurtwacht.vocabulary.choices import choice_id, parse_choice_id
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import Lines, PersonName, Reader, Text
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues, MissingText

HEAD = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
NL = r"""
msgid "alert"
msgstr ""
"{short} {kind}\n"
"{place}\n"
"\n"
"{note}\n"
"\n"
"Bel {emergency}."

msgid "kind"
msgstr "Inbraak"

msgid "look"
msgstr "Let je op?"

msgctxt "formal"
msgid "look"
msgstr "Let u op?"

msgid "shown"
msgid_plural "shown"
msgstr[0] "{count} buur heeft dit gezien."
msgstr[1] "{count} buren hebben dit gezien."

msgid "planned"
msgstr "{at:day}, {at:date}, {at:time}, {at:datetime}"

msgid "wait"
msgstr "Wacht {span:duration}."

msgid "by"
msgstr "Van {who}: {words}"

msgid "with"
msgstr "Met {who:first}"

msgid "plain"
msgstr "{fact}"

msgid "only_dutch"
msgstr "Alleen hier"

msgid "words"
msgstr "huisdier kwijt, lost pet ,"

msgid "meet"
msgstr ""
"{short}: wij zien elkaar om {at:time} bij {place}.\n"
"{note}\n"
"{at:date}. Nood? {emergency}. {short}"
"""
EN = r"""
msgid "kind"
msgstr "Burglary"

msgid "look"
msgstr "Will you watch?"

msgid "planned"
msgstr "{at:day}, {at:date}, {at:time}, {at:datetime}"

msgid "wait"
msgstr "Wait {span:duration}."

msgid "by"
msgstr "From {who}: {words}"

#, fuzzy
msgid "plain"
msgstr "guessed {fact}"
"""

MOMENT = datetime(2026, 3, 21, 0, 42, tzinfo=UTC)
RIET, FATIMA = Reader(), Reader(language="en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "nl.po").write_text(HEAD + NL)
    (tmp_path / "en.po").write_text(HEAD + EN)
    return tmp_path


@pytest.fixture
def texts(folder: Path) -> Catalogues:
    catalogues = Catalogues(strict=True)
    catalogues.add("watch", folder)
    return catalogues


@pytest.fixture
def lenient(folder: Path) -> Catalogues:
    catalogues = Catalogues()
    catalogues.add("watch", folder)
    return catalogues


def say(key: str, /, **facts: object) -> Text:
    return Text(key, domain="watch", **facts)  # type: ignore[arg-type] # every test gives facts that are facts


def test_each_reads_his_own_language(texts: Catalogues) -> None:
    assert texts.render(say("kind"), RIET) == "Inbraak"
    assert texts.render(say("kind"), FATIMA) == "Burglary"
    assert texts.render(say("kind"), Reader(language="en-GB")) == "Burglary"
    assert texts.render(say("kind"), Reader(language="de")) == "Inbraak"


def test_polite_where_the_text_has_a_polite_form(texts: Catalogues) -> None:
    assert texts.render(say("look"), Reader(formal=True)) == "Let u op?"
    assert texts.render(say("look"), RIET) == "Let je op?"
    assert texts.render(say("look"), Reader(language="en", formal=True)) == "Will you watch?"


def test_one_neighbour_and_more(texts: Catalogues) -> None:
    assert texts.render(say("shown", count=1), RIET) == "1 buur heeft dit gezien."
    assert texts.render(say("shown", count=0), RIET) == "0 buren hebben dit gezien."
    assert texts.render(say("shown", count=12), RIET) == "12 buren hebben dit gezien."


def test_times_stand_in_the_readers_zone_and_language(texts: Catalogues) -> None:
    assert texts.render(say("planned", at=MOMENT), RIET) == "zaterdag, za 21 maart, 01:42, za 21 maart 01:42"
    london = Reader(language="en", timezone="Europe/London")
    assert texts.render(say("planned", at=MOMENT), london) == "Saturday, Sat 21 March, 00:42, Sat 21 March 00:42"


@pytest.mark.parametrize(
    ("span", "dutch", "english"),
    [
        (timedelta(minutes=5), "Wacht 5 minuten.", "Wait 5 minutes."),
        (timedelta(minutes=90), "Wacht 1 uur 30 minuten.", "Wait 1 hour 30 minutes."),
        (timedelta(hours=2), "Wacht 2 uur.", "Wait 2 hours."),
        (timedelta(days=1, minutes=3), "Wacht 1 dag.", "Wait 1 day."),
        (timedelta(seconds=61), "Wacht 1 minuut 1 seconde.", "Wait 1 minute 1 second."),
        (timedelta(0), "Wacht 0 seconden.", "Wait 0 seconds."),
    ],
)
def test_spans_are_said_in_two_units(texts: Catalogues, span: timedelta, dutch: str, english: str) -> None:
    assert texts.render(say("wait", span=span), RIET) == dutch
    assert texts.render(say("wait", span=span), FATIMA) == english


def test_an_optional_line_leaves_no_gap(texts: Catalogues) -> None:
    full = say("alert", short="TB-0001", kind=say("kind"), place="Meidoornstraat", note="Rode auto")
    assert texts.render(full, RIET) == "TB-0001 Inbraak\nMeidoornstraat\n\nRode auto\n\nBel 112."
    bare = say("alert", short="TB-0001", kind=say("kind"), place=None, note="")
    assert texts.render(bare, RIET) == "TB-0001 Inbraak\n\nBel 112."


def test_the_number_to_call_is_the_countrys(texts: Catalogues) -> None:
    bare = say("alert", short="A-1", kind="x", place="", note="")
    assert texts.render(bare, Reader(country="BE")).endswith("Bel 101.")


def test_lines_stand_below_one_another_or_on_one_line(texts: Catalogues) -> None:
    text = say("plain", fact=Lines("een", None, "", say("kind"), "drie\nvier"))
    assert texts.render(text, RIET) == "een\nInbraak\ndrie\nvier"
    assert texts.render(text, RIET, one_line=True) == "een · Inbraak · drie · vier"


def test_names_are_looked_up_when_shown(texts: Catalogues) -> None:
    text = say("by", who=PersonName(PersonId(7)), words="hoi")
    assert texts.render(text, Reader(names={7: "Henk"})) == "Van Henk: hoi"
    assert texts.render(text, RIET) == "Van oud-lid: hoi"
    assert texts.render(text, FATIMA) == "From former member: hoi"


def test_only_what_people_wrote_is_escaped(texts: Catalogues) -> None:
    text = say("by", who=PersonName(PersonId(7)), words="<b>{emergency}</b>")
    said = texts.render(text, Reader(names={7: "<i>"}), escape=lambda raw: raw.replace("<", "&lt;"))
    assert said == "Van &lt;i>: &lt;b>{emergency}&lt;/b>"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (2026, "2026"),
        (12_345, "12.345"),
        (1.5, "1,5"),
        (time(7, 5), "07:05"),
        (date(2026, 3, 21), "za 21 maart"),
        (MOMENT, "za 21 maart 01:42"),
        (None, ""),
    ],
)
def test_facts_without_a_format(texts: Catalogues, fact: object, said: str) -> None:
    assert texts.render(say("plain", fact=fact), RIET) == said


def test_a_text_without_its_translation_fails_a_test(texts: Catalogues) -> None:
    with pytest.raises(MissingText, match="only_dutch is missing in en"):
        texts.render(say("only_dutch"), FATIMA)
    with pytest.raises(MissingText, match="nowhere"):
        texts.render(say("nowhere"), RIET)
    with pytest.raises(MissingText, match="needs the fact words"):
        texts.render(say("by", who="x"), RIET)
    with pytest.raises(MissingText, match="needs the fact count"):
        texts.render(say("shown"), RIET)


def test_in_service_the_other_language_is_better_than_nothing(
    lenient: Catalogues, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lenient.render(say("only_dutch"), FATIMA) == "Alleen hier"
    assert lenient.render(say("only_dutch"), FATIMA) == "Alleen hier"
    assert lenient.render(say("plain", fact="ja"), FATIMA) == "ja", "a fuzzy translation is a guess"
    assert capsys.readouterr().out.count("only_dutch") == 1
    with pytest.raises(MissingText):
        lenient.render(say("nowhere"), RIET)


def test_command_words_stand_between_commas(texts: Catalogues) -> None:
    assert texts.words("watch", "words", "nl") == ("huisdier kwijt", "lost pet")
    assert texts.words("watch", "words", "en") == ()


def test_the_folders_of_gettext_are_read_too(tmp_path: Path) -> None:
    for language, text in (("nl", NL), ("en", EN)):
        inside = tmp_path / language / "LC_MESSAGES"
        inside.mkdir(parents=True)
        (inside / "watch.po").write_text(HEAD + text)
    nested = Catalogues(strict=True)
    nested.add("watch", tmp_path)
    assert nested.render(say("kind"), RIET) == "Inbraak"
    assert nested.render(say("kind"), FATIMA) == "Burglary"


def test_what_is_supplied_is_said_word_for_word_where_no_catalogue_says_it(texts: Catalogues) -> None:
    texts.supply("watch", "supplied", "with {braces}, as they are")
    texts.supply("watch", "only_dutch", "from the code")
    assert texts.render(say("supplied"), RIET) == texts.render(say("supplied"), FATIMA) == "with {braces}, as they are"
    assert texts.render(say("only_dutch"), RIET) == "Alleen hier"
    with pytest.raises(MissingText):
        texts.render(say("only_dutch"), FATIMA)


def test_what_a_catalogue_has_can_be_asked(texts: Catalogues) -> None:
    assert texts.has("watch", "kind", "en")
    assert not texts.has("watch", "only_dutch", "en")
    assert not texts.has("elsewhere", "kind", "nl")
    assert {"alert", "shown"} <= texts.keys("watch")
    assert texts.placeholders("watch", "alert", "nl") == {"short", "kind", "place", "note", "emergency"}
    assert texts.placeholders("watch", "shown", "nl") == {"count"}


def test_a_template_numbers_its_parameters_and_writes_out_the_country(texts: Catalogues) -> None:
    body, parameters = texts.template_body("watch", "meet", "nl")
    assert body == "{{1}}: wij zien elkaar om {{2}} bij {{3}}.\n{{4}}\n{{5}}. Nood? 112. {{1}}"
    assert [str(one) for one in parameters] == ["short", "at:time", "place", "note", "at:date"]
    text = say("meet", short="TB-1", at=MOMENT, place=Lines("Meidoornstraat", "bij  de\tbrug"), note=None)
    values = texts.parameters(text, RIET, parameters)
    assert values == ("TB-1", "01:42", "Meidoornstraat · bij  de brug", "-", "za 21 maart")


def test_a_broken_catalogue_names_file_and_key(folder: Path) -> None:
    (folder / "nl.po").write_text(HEAD + 'msgid "bad"\nmsgstr "om {at:uur}"\n')
    with pytest.raises(ConfigurationError, match=r"nl\.po: bad: no placeholder is written \{at:uur\}"):
        Catalogues().add("watch", folder)
    (folder / "nl.po").write_text(HEAD + 'msgid "bad"\nmsgstr "om {at"\n')
    with pytest.raises(ConfigurationError, match=r"nl\.po: bad"):
        Catalogues().add("watch", folder)


def test_a_changed_catalogue_is_read_again(folder: Path, texts: Catalogues) -> None:
    path = folder / "en.po"
    path.write_text(HEAD + 'msgid "kind"\nmsgstr "Break-in"\n')
    texts.add("watch", folder)
    assert texts.render(say("kind"), FATIMA) == "Break-in"


def test_the_core_speaks_both_languages() -> None:
    catalogues = Catalogues(strict=True)
    for key in catalogues.keys("core"):
        names = [catalogues.placeholders("core", key, language) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_a_choice_is_found_again_by_its_id() -> None:
    assert parse_choice_id(choice_id(2**63 - 1, 9)) == (2**63 - 1, 9)
    assert len(choice_id(2**63 - 1, 99).encode()) <= 64
    for forged in ("", "x.1", "12", "1.", "ffffffffffffffffff.1", "1.1\n", "1.-1"):
        assert parse_choice_id(forged) is None


@pytest.mark.parametrize(
    ("name", "shown"), [("Riet", "Riet"), ("Jan de Vries", "Jan"), ("Mevr. De Wit", "Mevr. De Wit")]
)
def test_a_person_can_be_called_by_his_first_name(texts: Catalogues, name: str, shown: str) -> None:
    reader = Reader(names={7: name})
    assert texts.render(Text("with", domain="watch", who=PersonName(PersonId(7))), reader) == f"Met {shown}"
