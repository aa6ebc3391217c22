"""What a reader finds on his screen: buttons, lists, numbers, templates, parts, edits and repeats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht.edge.rendering import Renderer
from buurtwacht.edge.splitting import length, split
from buurtwacht.records.claims import Claimed
from buurtwacht.records.database import Database
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.schema import metadata
from buurtwacht.vocabulary.channels import Capabilities, Layout, Outgoing
from buurtwacht.vocabulary.errors import Needless, WindowClosed
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import Attachment, Choice, Location, Message, PersonName, Reader, Severity, Text
from buurtwacht.vocabulary.texts import Catalogues

NOW = datetime(2026, 1, 16, 0, 42, tzinfo=UTC)
CHAT = Capabilities(
    buttons=100,
    button_title=64,
    edit=True,
    photos=True,
    documents=True,
    location=True,
    groups=True,
)
PHONE = Capabilities(
    interactive_text=1024,
    buttons=3,
    button_title=20,
    list_rows=10,
    list_row_title=24,
    list_title=20,
    photos=True,
    documents=True,
    location=True,
    templates=True,
    window=timedelta(hours=24),
)
SMS = Capabilities(text=300, interactive_text=300)

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "alert"
msgstr ""
"{short} {what}\n"
"{note}\n"
"Bel {emergency}."

msgid "alert.buttons"
msgstr "Gezien, Ik let op, Ik heb info, Onveilig"

msgid "brief"
msgstr "{short}: bijgewerkt"

msgid "words"
msgstr "{words}"

msgid "seen"
msgstr "Gezien"

msgid "watch"
msgstr "Ik let op"

msgid "info"
msgstr "Ik heb info"

msgid "unsafe"
msgstr "Onveilig"

msgid "somebody"
msgstr "Vraag {name}"

msgid "called_by_me"
msgstr "Ja, door iemand anders"

msgid "long"
msgstr "Ja, en ik wil daar iets bij vertellen"

msgctxt "formal"
msgid "words"
msgstr "{words}, alstublieft"
"""


class Scene:
    """A renderer for one messenger, and deliveries that differ in what a test is about."""

    def __init__(self, folder: Path, capabilities: Capabilities) -> None:
        for language in ("nl", "en"):
            (folder / f"{language}.po").write_text(PO if language == "nl" else PO.replace("Bel", "Call"))
        catalogues = Catalogues(strict=True)
        catalogues.add("watch", folder)
        self.database = Database(f"sqlite:///{folder / 'scene.db'}")
        self.neighbourhoods = Neighbourhoods(self.database)
        self.files = {1: b"picture", 2: b"pages"}
        self.loads = 0
        self.renderer = Renderer(
            catalogues,
            capabilities,
            self.neighbourhoods,
            defaults=Reader(),
            load=self._load,
            templates={("watch", "alert")},
            prefix="bw",
        )

    def _load(self, media: int) -> bytes:
        self.loads += 1
        return self.files[media]

    def send(self, message: Message, **changes: object) -> tuple[Outgoing, ...]:
        claimed = replace(CLAIMED, content=message, **changes)  # type: ignore[arg-type] # fields of Claimed
        return self.renderer.render(claimed, NOW)

    def one(self, message: Message, **changes: object) -> Outgoing:
        (outgoing,) = self.send(message, **changes)
        return outgoing


CLAIMED = Claimed(
    id=41,
    message_id=7,
    shows=7,
    content=Message(Text("")),
    severity=Severity.URGENT,
    plugin="watch",
    person_id=3,
    address_id=5,
    handles=(Handle("chat", "77"),),
    is_group=False,
    language="nl",
    formal=False,
    neighbourhood_id=None,
    last_heard_at=NOW - timedelta(hours=1),
    attempts=0,
    tried=(),
    repeat=False,
    reply_to=None,
    edit_of=None,
    is_update=False,
    names={},
    queued_at=NOW,
)


@pytest.fixture
def on(tmp_path: Path) -> Callable[[Capabilities], Scene]:
    return lambda capabilities: Scene(tmp_path, capabilities)


def say(key: str, /, **facts: str | PersonName | None) -> Text:
    return Text(key, domain="watch", **facts)


def words(text: str, *labels: str, first_number: int = 1) -> Message:
    choices = tuple(Choice(label, say(label)) for label in labels)
    return Message(say("words", words=text), choices, first_number=first_number)


ALERT = Message(
    say("alert", short="TB-0001", what="Inbraak", note=None),
    tuple(Choice(label, say(label)) for label in ("seen", "watch", "info", "unsafe")),
    brief=say("brief", short="TB-0001"),
)


# --- answers -------------------------------------------------------------------------------------------------------


def test_answers_are_buttons_where_they_fit(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(CHAT).one(ALERT)
    assert sent.layout is Layout.BUTTONS
    assert [one.label for one in sent.options] == ["Gezien", "Ik let op", "Ik heb info", "Onveilig"]
    assert [one.id for one in sent.options] == ["7.0", "7.1", "7.2", "7.3"]
    assert sent.text == "TB-0001 Inbraak\nBel 112."


def test_too_many_buttons_become_a_list(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(PHONE)
    assert scene.one(ALERT).layout is Layout.LIST
    assert scene.one(ALERT).list_title == "Kies"
    assert scene.one(words("?", "seen", "watch"), shows=8).layout is Layout.BUTTONS
    assert scene.one(words("?", "called_by_me"), shows=9).layout is Layout.LIST, "22 characters are no button there"


def test_what_fits_no_list_becomes_numbered_lines(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(PHONE).one(words("Gebeld?", "long", "seen", first_number=4))
    assert sent.layout is Layout.LINES
    assert sent.text == "Gebeld?\n\n4. Ja, en ik wil daar iets bij vertellen\n5. Gezien"
    assert [one.label for one in sent.options] == ["Ja, en ik wil daar iets bij vertellen", "Gezien"]


def test_groups_get_buttons_only_where_groups_can_have_them(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(CHAT)
    sent = scene.one(ALERT, is_group=True, person_id=None)
    assert (sent.layout, sent.is_group) == (Layout.BUTTONS, True)
    assert on(replace(CHAT, groups=False)).one(ALERT, is_group=True).layout is Layout.LINES


def test_an_unsent_message_that_was_superseded_offers_the_newer_choices(on: Callable[[Capabilities], Scene]) -> None:
    assert on(CHAT).one(ALERT, shows=255).options[0].id == "ff.0"


# --- readers -------------------------------------------------------------------------------------------------------


def test_each_reader_gets_his_own_words(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(CHAT)
    assert scene.one(words("Kijk")).text == "Kijk"
    assert scene.one(words("Kijk"), formal=True).text == "Kijk, alstublieft"
    assert scene.one(ALERT, shows=8, language="en").text == "TB-0001 Inbraak\nCall 112."
    who = Message(say("words", words=PersonName(PersonId(9))))
    assert scene.one(who, shows=9, names={9: "Henk"}).text == "Henk"
    assert scene.one(who, shows=9).text == "oud-lid", "what was kept ready forgets who was erased"


def test_a_group_reads_the_language_of_its_neighbourhood(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(CHAT)
    metadata.create_all(scene.database.engine)
    values: dict[str, object] = {"name": "Tolberg", "language": "en", "timezone": "Europe/Amsterdam"}
    values |= {"postcodes": [], "streets": [], "adjacent": [], "plugins_off": [], "borders": {}, "settings": {}}
    where = scene.neighbourhoods.write("TB", values)
    sent = scene.one(ALERT, language="", neighbourhood_id=where, is_group=True)
    assert sent.text.endswith("Call 112.")


def test_a_broadcast_is_put_into_words_once(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(CHAT)
    photo = Message(say("words", words="Auto"), attachments=(Attachment(1, "auto.jpg", "image/jpeg", "photo"),))
    for reader in range(50):
        sent = scene.one(photo, id=reader, handles=(Handle("chat", str(reader)),))
        assert (sent.delivery, sent.to, sent.parcels[0].content) == (reader, (Handle("chat", str(reader)),), b"picture")
    assert scene.loads == 1
    scene.renderer.forget()
    scene.one(photo)
    assert scene.loads == 2


def test_only_what_can_wait_is_silent(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(CHAT)
    assert not scene.one(words("Nu")).silent
    assert scene.one(words("Ooit"), severity=Severity.INFO).silent


# --- files and places ----------------------------------------------------------------------------------------------


def test_files_and_places_go_along_where_they_can(on: Callable[[Capabilities], Scene]) -> None:
    message = replace(
        words("Plan"), attachments=(Attachment(2, "plan.pdf", "application/pdf"),), location=Location(51.5, 4.4)
    )
    sent = on(CHAT).one(message)
    assert (sent.parcels[0].name, sent.location, sent.text) == ("plan.pdf", Location(51.5, 4.4), "Plan")
    poor = on(SMS).one(message)
    assert (poor.parcels, poor.location) == ((), None)
    assert "plan.pdf" in poor.text
    assert "mlat=51.5" in poor.text


def test_a_file_that_is_gone_holds_no_words_up(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(CHAT).one(replace(words("Weg"), attachments=(Attachment(99, "weg.jpg", "image/jpeg", "photo"),)))
    assert (sent.text, sent.parcels) == ("Weg", ())


# --- updates and repeats -------------------------------------------------------------------------------------------


def test_an_update_is_an_edit_where_that_can_be(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(CHAT).one(ALERT, is_update=True, edit_of="5:1")
    assert (sent.edit_of, sent.text) == ("5:1", "TB-0001 Inbraak\nBel 112.")
    assert len(sent.options) == 4


def test_an_update_is_a_short_line_where_nothing_can_be_edited(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(PHONE).one(ALERT, is_update=True, edit_of="5:1")
    assert (sent.edit_of, sent.text, sent.options) == (None, "TB-0001: bijgewerkt", ())
    moved = on(CHAT).one(ALERT, is_update=True)
    assert moved.text == "TB-0001: bijgewerkt"
    assert on(PHONE).one(replace(ALERT, brief=None), is_update=True, shows=8).text.startswith("TB-0001 Inbraak")


def test_what_is_only_an_edit_is_not_said_where_nothing_can_be_edited(on: Callable[[Capabilities], Scene]) -> None:
    tally = replace(ALERT, brief=None, edit_only=True)
    assert on(CHAT).one(tally, is_update=True, edit_of="5:1").edit_of == "5:1"
    assert on(PHONE).one(tally, edit_of=None).text  # the first one is said everywhere
    for sent in (
        lambda: on(PHONE).one(tally, is_update=True, edit_of="5:1", shows=8),
        lambda: on(CHAT).one(tally, is_update=True, shows=9),
    ):
        with pytest.raises(Needless):
            sent()


def test_one_message_cannot_be_edited_into_two(on: Callable[[Capabilities], Scene]) -> None:
    long = replace(words("o " * 3000), brief=say("brief", short="TB-0001"))
    sent = on(CHAT).one(long, is_update=True, edit_of="5:1")
    assert (sent.edit_of, sent.text) == (None, "TB-0001: bijgewerkt")


def test_a_repeat_says_so(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(CHAT)
    assert scene.one(words("Kijk uit"), repeat=True).text == "Herhaling: Kijk uit"
    assert not scene.one(ALERT, repeat=True, is_update=True, edit_of="5:1").text.startswith("Herhaling")


def test_what_has_a_mark_of_its_own_says_in_its_own_words_that_it_is_a_repeat(
    on: Callable[[Capabilities], Scene],
) -> None:
    drill = replace(words("OEFENING gestopt"), repeat=say("brief", short="OEFENING, herhaling"))
    assert on(CHAT).one(drill, repeat=True).text == "OEFENING, herhaling: bijgewerkt"
    assert on(CHAT).one(drill).text == "OEFENING gestopt"
    silent = on(PHONE).one(replace(ALERT, repeat=drill.text), last_heard_at=None, repeat=True)
    assert silent.template is not None
    assert silent.template.parameters[0] == "Herhaling: TB-0001", "its own sentence is fixed"


# --- the window ----------------------------------------------------------------------------------------------------


def test_who_was_silent_for_a_day_gets_the_template(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(PHONE).one(ALERT, last_heard_at=NOW - timedelta(hours=24))
    assert sent.template is not None
    assert (sent.template.name, sent.template.language) == ("bw_alert", "nl")
    assert sent.template.parameters == ("TB-0001", "Inbraak", "-")
    assert sent.text == "TB-0001 Inbraak\n-\nBel 112."
    assert [one.id for one in sent.options] == ["7.0", "7.1", "7.2", "7.3"]


def test_labels_that_differ_each_time_are_no_part_of_a_template(on: Callable[[Capabilities], Scene]) -> None:
    asks = replace(ALERT, choices=[Choice("1", Text("somebody", domain="watch", name="Riet"))])
    assert [one.label for one in on(PHONE).one(asks).options] == ["Vraag Riet"]
    assert not on(PHONE).one(asks, shows=8, last_heard_at=None).options


def test_who_never_wrote_gets_the_template_too_and_a_repeat_of_it_says_so(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(PHONE).one(ALERT, last_heard_at=None, repeat=True)
    assert sent.template is not None
    assert sent.template.parameters[0] == "Herhaling: TB-0001"


def test_an_update_without_a_template_of_its_own_takes_the_whole_one(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(PHONE).one(ALERT, last_heard_at=None, is_update=True)
    assert sent.template is not None
    assert sent.template.name == "bw_alert"


def test_a_text_without_a_template_cannot_go(on: Callable[[Capabilities], Scene]) -> None:
    scene = on(PHONE)
    with pytest.raises(WindowClosed, match="no template"):
        scene.send(words("Hoi"), last_heard_at=None)
    long = Message(say("alert", short="s" * 1000, what="o" * 1024, note=None))
    with pytest.raises(WindowClosed, match="too long"):
        scene.send(long, last_heard_at=None)
    assert scene.one(words("Hoi"), shows=8, last_heard_at=NOW - timedelta(hours=23)).text == "Hoi"


def test_what_is_too_long_for_one_template_goes_in_parts_and_nothing_is_left_out(
    on: Callable[[Capabilities], Scene],
) -> None:
    what = " ".join(f"regel {number} van het verhaal 🚨" for number in range(60))
    parts = on(PHONE).send(Message(say("alert", short="TB-0001", what=what, note=None)), last_heard_at=None)
    assert len(parts) > 1
    assert all(length(one.text) <= 1024 for one in parts)
    assert all(one.template is not None and one.template.parameters[0] == "TB-0001" for one in parts)
    said = [one.template.parameters[1] for one in parts if one.template is not None]
    assert [one[-6:] for one in said] == [f" ({number}/{len(said)})" for number in range(1, len(said) + 1)]
    assert " ".join(one[:-6] for one in said) == what


# --- long texts ----------------------------------------------------------------------------------------------------


def test_a_long_text_becomes_parts_with_the_answers_under_the_last(on: Callable[[Capabilities], Scene]) -> None:
    text = "\n\n".join(f"Alinea {number}. " + "Blijf binnen. " * 20 for number in range(8)).strip()
    first, last = on(PHONE).send(words(text, "seen", "watch"), reply_to="5:1")
    assert first.text.endswith("(1/2)")
    assert last.text.endswith("(2/2)")
    assert (first.layout, last.layout) == (Layout.NONE, Layout.BUTTONS)
    assert (first.reply_to, last.reply_to) == ("5:1", None)
    assert last.text.startswith("Alinea")
    assert length(last.text) <= 1024
    assert "".join((first.text[:-6] + last.text[:-6]).split()) == "".join(text.split())


def test_each_part_says_what_it_is_about_in_which_language_and_which_part_it_is(
    on: Callable[[Capabilities], Scene],
) -> None:
    first, last = on(SMS).send(words("Dit is er gaande. " * 20), thread="watch:9 TB-0001", language="en")
    assert (first.thread, first.language, first.part) == ("watch:9 TB-0001", "en", 0)
    assert (last.thread, last.language, last.part) == ("watch:9 TB-0001", "en", 1)
    template = on(PHONE).one(ALERT, last_heard_at=None, thread="watch:9 TB-0001")
    assert (template.thread, template.language) == ("watch:9 TB-0001", "nl")


def test_numbered_lines_stand_in_the_last_part(on: Callable[[Capabilities], Scene]) -> None:
    sent = on(SMS).send(words("Dit is er gaande. " * 20, "seen", "watch"))
    assert len(sent) == 2
    assert "1. Gezien\n2. Ik let op" in sent[-1].text
    assert all(length(one.text) <= 300 for one in sent)


@given(
    st.text(st.sampled_from("aé🚓. \n"), min_size=1, max_size=900),
    st.integers(20, 400),
    st.integers(10, 200),
)
def test_nothing_is_cut_off(text: str, limit: int, last: int) -> None:
    last = min(last, limit)
    parts = split(text, limit, last)
    assert all(length(part) <= limit for part in parts)
    assert length(parts[-1]) <= last
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert len(parts) == 1 or all(part.strip() for part in parts)
