"""What is found in the texts of a package, and in the templates they need."""

from __future__ import annotations

import pytest

from .packages import EN, MAIN, NL, ORDERLY, Inspected, codes, found
from .test_inspection_package import manifest


def said(key: str, nl: str, en: str | None = None, context: str = "") -> dict[str, str]:
    """Return an entry for both catalogues; `en` is as `nl` unless given."""
    mark = f'msgctxt "{context}"\n' if context else ""
    return {
        NL: f'{mark}msgid "{key}"\nmsgstr "{nl}"\n',
        EN: f'{mark}msgid "{key}"\nmsgstr "{nl if en is None else en}"\n',
        "strays_pets/says.py": f'KEY = "{key}"\n',
    }


@pytest.mark.parametrize(
    ("entries", "code", "file", "says"),
    [
        ({NL: 'msgid "over"\nmsgstr "Voorbij."'}, "text-twice", "nl.po", "over stands here a second time"),
        (said("new", "Nieuw", ""), "text-missing", "en.po", "its msgstr is empty"),
        ({NL: 'msgid "new"\nmsgstr "Nieuw"'}, "text-missing", "nl.po", "new is missing in en.po"),
        (
            {NL: 'msgid "new"\nmsgstr "Nieuw"', EN: '#, fuzzy\nmsgid "new"\nmsgstr "New"'},
            "text-missing",
            "en.po",
            "fuzzy",
        ),
        ({NL: 'msgctxt "formal"\nmsgid "new"\nmsgstr "Nieuw"'}, "text-missing", "nl.po", "no plain one"),
        (said("new", "Om {at}", "At {when}"), "text-placeholders", "en.po", "does not show {at} and shows {when}"),
        (
            {NL: 'msgctxt "formal"\nmsgid "over"\nmsgstr "Over voor {who}."'},
            "text-placeholders",
            "nl.po",
            "shows {who}",
        ),
        (said("new", "Om {at:clock}"), "text-format", "nl.po", "'clock'"),
        (said("new", "Om {at", "At {at}"), "text-format", "nl.po", "new"),
        (said("new", "Om {0}"), "text-format", "nl.po", "'0'"),
        (said("new", "Om {}"), "text-format", "nl.po", "''"),
        (said("new", "Kijk uit!", "Look out."), "text-exclamation", "nl.po", "shouts"),
        ({NL: 'mgsid "new"\nmsgstr "Nieuw"'}, "text-unreadable", "nl.po", "no line of a catalogue"),
        ({NL: 'msgid "new"\nmsgstr "Nieuw'}, "text-unreadable", "nl.po", "no line of a catalogue"),
        ({NL: 'msgid "new"\nmsgstr "Een "nieuw" huis"'}, "text-unreadable", "nl.po", "no line of a catalogue"),
    ],
)
def test_what_is_wrong_with_a_text(
    inspected: Inspected, entries: dict[str, str], code: str, file: str, says: str
) -> None:
    one = next(each for each in inspected(entries) if each.code == code and each.place.file.name == file)
    assert says in one.sentence
    assert one.place.line > 15


def test_a_catalogue_that_is_not_there_at_all(inspected: Inspected) -> None:
    findings = inspected({EN: None})
    assert set(codes(findings)) == {"text-missing"}
    assert len(findings) == 5


@pytest.mark.parametrize(
    "entries",
    [
        said("new", "Om {at:time}", "At {at:datetime}"),
        said("new", "Bel {emergency}", "Call 112"),
        {
            NL: 'msgid "new"\nmsgid_plural "new"\nmsgstr[0] "Een hond"\nmsgstr[1] "{count} honden"',
            EN: 'msgid "new"\nmsgid_plural "new"\nmsgstr[0] "One dog"\nmsgstr[1] "{count} dogs"',
            "strays_pets/says.py": 'KEY = "new"\n',
        },
    ],
)
def test_what_is_right_in_a_text(inspected: Inspected, entries: dict[str, str]) -> None:
    # What one language says outright, and the other takes from the country, is a difference all the same.
    wrong = [one for one in codes(inspected(entries)) if one != "text-placeholders" or "emergency" not in entries[NL]]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ('Text("pest")', "text-unknown", "did you mean pet?"),
        ('Text("pet" if 1 else "cat", description="x")', "text-unknown", 'msgid "cat"'),
        ('Text("duration.day", domain="core")', "text-unknown", "duration."),
        ('Text("nothing like it", domain="alerts")', "text-unknown", "of your own"),
        ('Text("pet")', "text-fact", "Text('pet', description=…)"),
        ('Text("pet", descriptoin="x")', "text-fact", "description=…"),
        ('Text("duration.days", domain="core")', "text-fact", "count=…"),
    ],
)
def test_a_text_that_the_code_cannot_say(inspected: Inspected, line: str, code: str, says: str) -> None:
    one = found(inspected({MAIN: f"def shown():\n    return {line}\n"}), code)
    assert says in one.mend
    assert line in one.place.file.read_text().splitlines()[one.place.line - 1]


@pytest.mark.parametrize(
    "line",
    [
        'Text("pet", **facts)',
        'Text("pet", description="x")',
        "Text(key)",
        'Text(f"p{key}t")',
        'Text("person.former", domain="core")',
        'Text("anything", domain="another_plugin")',
        'Text(key, domain="alerts")',
    ],
)
def test_a_text_that_may_be_right(inspected: Inspected, line: str) -> None:
    assert codes(inspected({MAIN: f"def shown(key, facts):\n    return {line}\n"})) == []


@pytest.mark.parametrize(
    ("code", "is_said"),
    [
        ("", False),
        ("KEY = 'new.one'", True),
        ("def shown(one):\n    return Text(f'new.{one}')", True),
        ("def shown(one):\n    return Text(f'{one}.one')", True),
        ("def shown(one):\n    return Text(f'{one}.two')", False),
        ("def shown(one):\n    return Text('new.' + one)", True),
        ("def shown(one):\n    return Text('%s.one' % one)", True),
        ("def shown(one):\n    return Text('{}.one'.format(one))", True),
        ("def shown(one):\n    return Text(f'{one}{one}')", False),
    ],
)
def test_a_text_that_nothing_says(inspected: Inspected, code: str, is_said: bool) -> None:
    findings = inspected({**said("new.one", "Nieuw"), "strays_pets/says.py": "", MAIN: code})
    assert codes(findings) == ([] if is_said else ["text-unused"])


def test_texts_of_a_command_that_is_not_there(inspected: Inspected) -> None:
    one = found(inspected({**said("command.lostcat.words", "kat"), "strays_pets/says.py": ""}), "text-unused")
    assert "no command has the text command.lostcat.words" in one.sentence


@pytest.mark.parametrize(
    ("key", "nl", "code", "says"),
    [
        ("note", "{what} is er.", "template-form", "begins with a fact"),
        ("note", "Er is {what}", "template-form", "ends with a fact"),
        ("note", "Er is {what}{who}.", "template-form", "against one another"),
        ("note", "Er is " + "veel " * 250, "template-form", "signs"),
        ("Note-1", "Er is iets.", "template-form", "name of a template"),
        ("end.expired", "Het is over.", "template-collides", "alerts"),
    ],
)
def test_a_text_that_can_have_no_template(inspected: Inspected, key: str, nl: str, code: str, says: str) -> None:
    findings = inspected(said(key, nl), whole=manifest(templates=f'frozenset({{"pet", "{key}"}})'))
    assert code in codes(findings)
    assert any(says in one.sentence for one in findings)


def test_a_template_that_no_text_has(inspected: Inspected) -> None:
    one = found(inspected(whole=manifest(templates='frozenset({"pest"})')), "template-unknown")
    assert "did you mean pet?" in one.mend
    assert '"pest"' in one.place.file.read_text().splitlines()[one.place.line - 1]


def test_a_button_of_a_template_that_is_too_long(inspected: Inspected) -> None:
    entries = said("pet.buttons", "Gezien, Dat is een veel te lange knop hoor")
    assert (
        "25 signs" in found(inspected({NL: entries[NL], EN: said("pet.buttons", "Seen")[EN]}), "template-form").sentence
    )


ONE, TWO = 'Choice("a", Text("over"))', 'Choice("a", Text("over")), Choice("b", Text("over", domain="core"))'


@pytest.mark.parametrize(
    ("text", "labels", "says"),
    [
        (f'Message(Text("pet"), choices=[{ONE}])', "", "pet is sent with 1 choices, and its template has 0 buttons"),
        (f'Message(Text("pet"), ({TWO},))', "Gezien", "pet is sent with 2 choices, and its template has 1 buttons"),
        (f'Message(choices=[{ONE}], text=Text("pet" if ctx else HELP))', "", "pet is sent with 1"),
        ('Message(Text("pet"), choices=CHOICES)', "", "pet is sent with 2"),
        ('Message(Text("pet"), choices=mine)', "", "pet is sent with 1"),
        (f'Message(Text("pet"), choices=[{ONE}])', "Gezien", ""),
        (f"Message(Text(HELP), choices=[{ONE}])", "", ""),
        (f'Message(Text("pet", domain="alerts"), choices=[{ONE}])', "", ""),
        ('Message(Text("pet"), choices=[Choice("a", Text("pet", description="a"))])', "", ""),
        (f'Message(Text("pet"), choices=[{", ".join([ONE] * 11)}])', "", ""),
        ('Message(Text("pet"), choices=[])', "", ""),
        ('Message(Text("pet"), choices=[*given])', "", ""),
        ('Message(Text("pet"), choices=given)', "", ""),
    ],
)
def test_choices_with_a_template_that_has_no_buttons(inspected: Inspected, text: str, labels: str, says: str) -> None:
    top = f"HELP = 'command.lostdog.help'\nCHOICES = [{TWO}]"
    code = f"{top}\n\n\ndef go(ctx: Context, given):\n    mine = [{ONE}]\n    return {text}, mine"
    entries = said("pet.buttons", labels) if labels else {}
    findings = [one for one in inspected({MAIN: code, **entries}) if one.code == "template-buttons"]
    assert [says in one.sentence for one in findings] == ([True] if says else [])
    assert all(one.place.file.read_text().splitlines()[one.place.line - 1].startswith("    return") for one in findings)


def test_texts_in_the_folders_of_gettext_are_read_too(inspected: Inspected) -> None:
    nested = {
        f"strays_pets/locale/{one}/LC_MESSAGES/pets.po": ORDERLY[f"strays_pets/locale/{one}.po"] for one in ("nl", "en")
    }
    assert codes(inspected({NL: None, EN: None}, whole=nested)) == []


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("ctx.broadcast(given, Text(HELP), Severity.INFO)", 1),
        ("ctx.broadcast(audience=given, content=Message(text=mine), severity=Severity.INFO)", 1),
        ("ctx.within(given).broadcast(given, Text('pet' if given else HELP), Severity.INFO)", 1),
        ("ctx.broadcast(given, Text('pet', description='a'), Severity.INFO)", 0),
        ("ctx.broadcast(given, Text(HELP), Severity.INFO, replaces=given)", 0),
        ("ctx.broadcast(given, Message(mine, attachments=[given]), Severity.INFO)", 0),
        ("ctx.broadcast(given, Text('help', domain='core'), Severity.INFO)", 0),
        ("ctx.broadcast(given, given, Severity.INFO)", 0),
        ("ctx.reply(Text(HELP))", 0),
        ("ctx.send(given, Text(HELP))", 0),
        ("ctx.send([given], Text(HELP))", 0),
        ("ctx.send([given, ctx.person.id], Text(HELP))", 1),
        ("ctx.send([*given], Message(mine))", 1),
        ("ctx.send([one.id for one in given], Text(HELP))", 1),
        ("ctx.send(sorted(given), Text(HELP) if given else Text('pet', description='a'))", 1),
        ("ctx.send(to=several, content=mine)", 1),
        ("ctx.ask(given, Message(mine), 'sure')", 0),
        ("ctx.ask_all(given, Message(mine), 'sure')", 1),
        ("ctx.ask_all([ctx.person.id], Message(mine), 'sure')", 0),
        ("ctx.ask_again(people=given, content=Message(mine), handler='sure', thread=1)", 1),
        ("ctx.renew(given, mine)", 1),
        ("ctx.ask_each({one: Message(mine) for one in given}, 'sure')", 1),
        ("ctx.send_each({one: Text(HELP) for one in given})", 1),
        ("ctx.send_each(dict.fromkeys(given, mine))", 1),
        ("ctx.send_each(dict.fromkeys([given], mine))", 0),
        ("ctx.send_each({ctx.person.id: mine})", 0),
        ("ctx.send_each({1: mine, **{one: Text('pet', description='a') for one in given}})", 1),
        ("ctx.send_each(letters)", 1),
        ("ctx.send_each(given)", 0),
        ("ctx.send_each({one: given for one in several})", 0),
    ],
)
def test_what_many_are_sent_without_a_template(inspected: Inspected, said: str, count: int) -> None:
    own = "mine = Text(HELP)\n    several = [1, 2]\n    letters = dict.fromkeys(several, Message(mine))"
    code = f"HELP = 'command.lostdog.help'\n\n\ndef go(ctx: Context, given):\n    {own}\n    {said}, mine"
    assert codes(inspected({MAIN: code})).count("text-without-template") == count
