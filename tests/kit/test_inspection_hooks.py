"""What is found in hooks, handlers and commands; and what looks like it and is right."""

from __future__ import annotations

import pytest

from .packages import EN, MAIN, NL, ORDERLY, Inspected, codes, found


def line_with(text: str, mark: str = "# HERE") -> str:
    """Return the line of a text that is marked."""
    return next(line for line in text.splitlines() if mark in line).strip()


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("@hookimpl\ndef comands():  # HERE\n    return []", "hook-unknown", "did you mean commands?"),
        ("@hookimpl\ndef alert_opend(ctx):  # HERE\n    pass", "hook-unknown", "did you mean alert_opened?"),
        ("@hookimpl\ndef quite_unlike(ctx):  # HERE\n    pass", "hook-unknown", "docs/plugins/hooks.md"),
        ("@hookimpl\ndef member_left(ctx, persoon):  # HERE\n    pass", "hook-arguments", "did you mean person?"),
        ("@hookimpl\ndef recognise(text):  # HERE\n    pass", "hook-arguments", "recognise is given hearing"),
        ("@hookimpl\ndef member_left(ctx, **all):  # HERE\n    pass", "hook-arguments", "name what you need"),
        ("@hookimpl\ndef member_left(ctx, person=0):  # HERE\n    pass", "hook-arguments", "leave out the default"),
        ("def member_left(ctx, person):  # HERE\n    pass", "hook-unmarked", "@hookimpl"),
        ("@hookimpl\nasync def member_left(ctx, person):  # HERE\n    pass", "hook-async", "without async"),
        ("@hookimpl(wrapper=True)\ndef member_left(ctx):  # HERE\n    yield", "hook-wrapper", "wrapper=True"),
        ("@hookimpl(hookwrapper=True)\ndef recognise(hearing):  # HERE\n    yield", "hook-wrapper", "for this plugin"),
        ("@hookimpl\ndef alert_opened(ctx, alert):  # HERE\n    pass", "hook-needs", 'needs=("alerts",)'),
        ("@hookimpl\ndef pages():  # HERE\n    raise KeyError", "hook-fails", "at the start"),
        ("@hookimpl\ndef pages():  # HERE\n    return 1", "hook-fails", "list"),
        ("@hookimpl\ndef pages():  # HERE\n    return ['a']", "hook-fails", "list of Page"),
    ],
)
def test_a_hook_that_would_not_be_called_as_meant(inspected: Inspected, text: str, code: str, says: str) -> None:
    one = found(inspected({MAIN: text}), code)
    assert says in one.mend
    lines = one.place.file.read_text().splitlines()
    assert lines[one.place.line - 1] == line_with(text) or lines[one.place.line] == line_with(text)


def test_a_hook_in_another_file_is_found_unless_it_is_imported(inspected: Inspected) -> None:
    hook = "from buurtwacht import Context, hookimpl\n\n\n@hookimpl\ndef member_left(ctx: Context) -> None:\n    pass\n"
    files = {"strays_pets/leaving.py": hook}
    assert codes(inspected(files)) == ["hook-elsewhere"]
    assert codes(inspected({**files, MAIN: "from strays_pets.leaving import member_left\n"})) == []


@pytest.mark.parametrize(
    "text",
    [
        "@hookimpl\ndef member_left(person):\n    pass",
        "@hookimpl()\ndef member_left(ctx):\n    pass",
        "@hookimpl(optionalhook=True)\ndef alert_opened(ctx, alert):\n    pass",
        "@hookimpl(optionalhook=True)\ndef found_by_a_stranger(ctx, pet):\n    pass",
        "@hookimpl(specname='member_left')\ndef gone(ctx, person):\n    pass",
        "def pages(ctx, number):\n    return number",
    ],
)
def test_a_hook_that_is_right(inspected: Inspected, text: str) -> None:
    assert codes(inspected({MAIN: text})) == []


def test_hooks_of_its_own_are_known(inspected: Inspected) -> None:
    specs = "from buurtwacht import tells\n\n\n@tells\ndef pet_found(ctx, pet):\n    '''A pet is back.'''\n"
    listens = (
        "from strays_pets import hookspecs\n\n\n@hookimpl\ndef pet_found(ctx: Context, pets: int) -> None:\n    pass"
    )
    assert codes(inspected({"strays_pets/hookspecs.py": specs, MAIN: listens})) == ["hook-arguments"]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("@timer\ndef later(ctx):  # HERE\n    pass", "handler-mark", '@timer("later")'),
        ("@answer\ndef said(ctx, given):  # HERE\n    pass", "handler-mark", '@answer("said")'),
        ('@timer("expire")\ndef again(ctx):  # HERE\n    pass', "handler-twice", "rename"),
        ('@timer("later")\nasync def later(ctx):  # HERE\n    pass', "handler-async", "without async"),
        ('@timer("later")\ndef later(ctx):  # HERE\n    yield 1', "handler-yields", "without yield"),
        ('@feed("mine")\ndef mine(ctx, request):  # HERE\n    yield from []', "handler-yields", "without yield"),
        ("@hookimpl\ndef member_left(ctx):  # HERE\n    yield ctx", "hook-yields", "without yield"),
        ('@timer("later")\ndef later():  # HERE\n    pass', "handler-parameters", "ctx: Context"),
        ('@answer("said")\ndef said(ctx):  # HERE\n    pass', "handler-parameters", "(ctx, answer)"),
        ('@answer("said")\ndef said(ctx, one, two):  # HERE\n    pass', "handler-parameters", "(ctx, answer)"),
        ('@feed("mine")\ndef mine(ctx):  # HERE\n    pass', "handler-parameters", "(ctx, request)"),
        ('@timer("all", together=True)\ndef everything(ripe):  # HERE\n    pass', "handler-parameters", "(ctx, ripe)"),
        ('@timer("later")\ndef later(ctx, /):  # HERE\n    pass', "handler-parameters", "plainly"),
        (
            "def go(ctx: Context, days):\n    ctx.later(days, 'expires')  # HERE",
            "handler-unknown",
            "did you mean expire?",
        ),
        ("def go(ctx: Context, days):\n    ctx.later(days, report)  # HERE", "handler-unknown", '@timer("report")'),
        ("def go(ctx: Context):\n    ctx.ask(1, Text('over'), 'sure')  # HERE", "handler-unknown", '@answer("sure")'),
        (
            "def go(ctx: Context):\n    ctx.ask_all([1], Text('over'), handler='sure')  # HERE",
            "handler-unknown",
            "sure",
        ),
        ("def go():\n    return Message(Text('over'), answer='sure')  # HERE", "handler-unknown", '@answer("sure")'),
        ("def go(ctx: Context):\n    ctx.feed_link('mine')  # HERE", "handler-unknown", '@feed("mine")'),
        ("def go(ctx: Context, at):\n    ctx.later(at, expire)  # HERE", "handler-arguments", "pet=…"),
        ("def go(ctx: Context, at):\n    ctx.later(at, expire, 1, 2)  # HERE", "handler-arguments", "takes"),
        ("def go(ctx: Context, at):\n    ctx.later(at, expire, pets=1)  # HERE", "handler-arguments", "pet"),
    ],
)
def test_a_handler_that_could_not_be_called(inspected: Inspected, text: str, code: str, says: str) -> None:
    findings = [one for one in inspected({MAIN: text}) if one.code == code]
    assert any(says in one.mend for one in findings)
    for one in findings:
        assert one.place.file.read_text().splitlines()[one.place.line - 1].strip() == line_with(text)


@pytest.mark.parametrize(
    "text",
    [
        '@timer("all", together=True)\ndef everything(ctx, ripe):\n    pass\n\n\ndef go(ctx: Context, at):\n'
        "    ctx.later(at, everything, pet=1)",
        '@answer("said")\ndef said(ctx, given, more=None):\n    ctx.ask(1, Text("over"), "said")',
        '@timer("later")\ndef later(ctx):\n    def each():\n        yield 1\n\n    list(each())',
        "from functools import wraps\n\n\ndef all_of(it):\n    return wraps(it)(lambda ctx: list(it(ctx)))\n\n\n"
        '@timer("later")\n@all_of\ndef later(ctx):\n    yield 1',
        "@hookimpl\ndef under_way(ctx):\n    yield from ()",
        "def each(ctx: Context):\n    yield from ctx.records.find(Pet)",
        '@timer("many")\ndef many(ctx, **payload):\n    ctx.later(payload["at"], many, one=1, two=2)',
        '@timer("named")\ndef named(ctx, *, pet):\n    ctx.later(ctx.now, named, pet=pet, key="k")',
        "NAME = 'expire'\n\n\ndef go(ctx: Context, at, given):\n    ctx.later(at, NAME, pet=1)\n"
        "    ctx.later(at, given)\n    ctx.later(at, expire, **given)\n    ctx.later(at, expire, *given)",
        "def go(ctx: Context, at):\n    ctx.later(at, expire, 1, key='k')",
        "def later(when, handler):\n    return when\n\n\ndef go():\n    return later(1, 'anything')",
        "@feed('mine')\ndef mine(ctx, request):\n    return None\n\n\ndef go(ctx: Context):\n    ctx.feed_link(mine)",
    ],
)
def test_a_handler_that_is_right(inspected: Inspected, text: str) -> None:
    assert codes(inspected({MAIN: text})) == []


def words(nl: str, en: str = "dog gone") -> dict[str, str]:
    """Return the catalogues with other words for the command."""
    return {NL: ORDERLY[NL].replace('hond zoek"', f'{nl}"', 1), EN: ORDERLY[EN].replace('"dog gone"', f'"{en}"', 1)}


@pytest.mark.parametrize(
    ("nl", "code", "says"),
    [
        ("melding", "command-collides", "built-in plugin alerts"),
        ("hond zoek, Roll Call", "command-collides", "built-in plugin rollcalls"),
        ("help", "command-collides", "the core"),
        ("hond zoek, brand, noodhulp", "command-reserved", '"brand", which the plugin alerts reserves'),
        ("hulp bieden", "command-reserved", '"hulp"'),
        ("gas", "command-reserved", 'is the beginning of "gas'),
        ("112", "command-reserved", 'begins with "112", which the core reserves'),
        ("hond zoek, 0900", "command-reserved", 'is the beginning of "09008844", which the core reserves'),
        ("ja", "command-answer", "ja"),
        ("hond zoek, 2", "command-answer", "2"),
    ],
)
def test_a_word_that_is_taken(inspected: Inspected, nl: str, code: str, says: str) -> None:
    one = next(each for each in inspected(whole=words(nl)) if each.code == code)
    assert says in one.sentence
    assert (one.place.file.name, one.place.line) == ("nl.po", 4)


def test_two_commands_of_its_own_with_one_word(inspected: Inspected) -> None:
    text = ORDERLY[MAIN].replace(
        '[Command("lostdog", report)]', '[Command("lostdog", report), Command("dog_gone", report)]'
    )
    findings = inspected(whole={MAIN: text})
    assert sorted(codes(findings)) == ["command-texts", "command-twice"]
    assert 'the word "dog gone" leads to lostdog' in found(findings, "command-twice").sentence


def test_a_word_that_both_share_is_no_finding(inspected: Inspected) -> None:
    text = ORDERLY[MAIN].replace('Command("lostdog", report)', 'Command("lostdog", report, shared=True)')
    assert codes(inspected(whole={MAIN: text, **words("aanmelden")})) == []


def test_a_command_may_be_async_or_take_nothing_only_by_mistake(inspected: Inspected) -> None:
    text = ORDERLY[MAIN].replace(
        '[Command("lostdog", report)]', '[Command("lostdog", report), Command("lostcat", cat), Command("lostcow", cow)]'
    )
    more = "\n\n        async def cat(ctx: Context):\n            pass\n\n\n        def cow():\n            pass\n"
    findings = inspected(whole={MAIN: text + more})
    assert {"handler-async", "handler-parameters"} <= set(codes(findings))
