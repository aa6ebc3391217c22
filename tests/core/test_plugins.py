"""The plugin host refuses what cannot work, with every fault, the culprit and the mend."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import ModuleType

import pytest

from buurtwacht import Command, Context, Manifest, Text, hookimpl
from buurtwacht.host import hookspecs
from buurtwacht.host.discovery import find
from buurtwacht.host.plugins import Plugins
from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.messages import Reader
from buurtwacht.vocabulary.texts import Catalogues

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def plugins() -> Plugins:
    return Plugins(Catalogues())


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[..., ModuleType]:
    def make(ident: str, words: str = "", *, shared: bool = False, takes: str = "", **manifest: object) -> ModuleType:
        folder = tmp_path / ident
        folder.mkdir()
        for language in ("nl", "en"):
            (folder / f"{language}.po").write_text(f'{PO}msgid "command.go.words"\nmsgstr "{words}"\n')
        module = ModuleType(ident)
        module.__file__ = str(tmp_path / "plugin.py")
        values = {"id": ident, "name": ident, "version": "1", "locale": ident, **manifest}
        module.manifest = Manifest(**values)  # type: ignore[attr-defined,arg-type]
        if words:

            def commands() -> list[Command]:
                return [Command("go", lambda ctx, text="": None, shared=shared, takes=takes)]

            module.commands = hookimpl(commands)  # type: ignore[attr-defined]
        return module

    return make


def test_two_plugins_with_one_command_are_both_named(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    with pytest.raises(ConfigurationError, match='plugins cats and dogs: both have the command "vermist dier"'):
        plugins.load([plugin("cats", "vermist dier, kat"), plugin("dogs", "vermist dier")])


def test_a_word_without_letters_is_that_plugins_fault(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    with pytest.raises(ConfigurationError, match="plugin fire: a word of its command 'go' has no letter and no digit"):
        plugins.load([plugin("fire", "brand, !")])


def keeps(module: ModuleType, *words: str) -> ModuleType:
    """Have a plugin reserve these words."""
    module.reserved_words = hookimpl(lambda: words)  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("word", ["brand", "BRAND melden", "planten, brand", "in  de fik zetten"])
@pytest.mark.parametrize("first", [True, False])
def test_a_command_that_begins_with_a_reserved_word_is_refused(
    plugins: Plugins, plugin: Callable[..., ModuleType], word: str, first: bool
) -> None:
    both = [keeps(plugin("alerts", vital=True), "Brand", "in de fik"), plugin("water", word)]
    with pytest.raises(ConfigurationError, match=r'plugins alerts and water: the command "(brand|in de fik).*reserves'):
        plugins.load(both if first else both[::-1])


@pytest.mark.parametrize("begin", ["water", "de"])
def test_a_reserved_phrase_may_be_long(plugins: Plugins, plugin: Callable[..., ModuleType], begin: str) -> None:
    long = "de man die hier net nog stond heeft een mes in zijn hand"
    alerts = keeps(plugin("alerts", vital=True), "brand", long)
    plugins.load([alerts, plugin("plants", begin, takes="" if begin == "water" else "zon")])
    said = f"water {long} en komt" if begin == "water" else long
    ((phrase,), rest) = plugins.phrases.of(said)
    assert plugins.reserved.follow(phrase, rest)
    assert not plugins.reserved.follow(phrase, rest.replace("hand", "tuin"))


@pytest.mark.parametrize(("ident", "word"), [("water", "brandnetel"), ("water", "in de tuin"), ("core", "brand")])
def test_what_is_not_reserved_from_a_plugin_is_its_own(
    plugins: Plugins, plugin: Callable[..., ModuleType], ident: str, word: str
) -> None:
    plugins.load([keeps(plugin("alerts", "brand nu", vital=True), "brand", "in de fik"), plugin(ident, word)])
    assert plugins.phrases.of(word)[0][0].plugin == ident


@pytest.mark.parametrize("word", ["112", "112 bellen", "1-1-2", "110", "0900", "0900 8844", "0900-8844", "09008844 nu"])
@pytest.mark.parametrize("vital", [False, True])
def test_a_number_for_danger_is_no_command_of_any_plugin(
    plugins: Plugins, plugin: Callable[..., ModuleType], word: str, vital: bool
) -> None:
    with pytest.raises(ConfigurationError, match="a number for danger, which the core reserves") as refused:
        plugins.load([plugin("plants", f"planten, {word}", vital=vital)])
    (fault,) = map(str, refused.value.faults)
    assert fault.startswith("plugin plants")
    assert "choose another word for the command" in fault


@pytest.mark.parametrize("word", ["1120", "huis 112", "11", "0901", "113 gebeld"])
def test_another_number_is_free(plugins: Plugins, plugin: Callable[..., ModuleType], word: str) -> None:
    plugins.load([plugin("plants", word)])
    assert plugins.phrases.of(word)[0][0].plugin == "plants"


def test_only_a_vital_plugin_reserves_words(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    with pytest.raises(ConfigurationError, match="plugin water: reserves words, which only a vital plugin may"):
        plugins.load([keeps(plugin("water"), "planten")])


def test_a_word_that_both_declare_shared_is_no_fault(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    plugins.load([plugin("members", "aanmelden", shared=True), plugin("patrols", "aanmelden", shared=True)])
    found, rest = plugins.phrases.of("/Aanmelden morgen")
    assert [phrase.plugin for phrase in found] == ["members", "patrols"]
    assert rest == "morgen"


def test_what_follows_a_shared_word_decides_where_one_says_what_it_takes(
    plugins: Plugins, plugin: Callable[..., ModuleType]
) -> None:
    alerts = plugin("alerts", "doorzetten", shared=True)
    plugins.load([alerts, plugin("letters", "doorzetten", shared=True, takes=r"m\d+")])

    def meant(text: str) -> list[str]:
        return [phrase.plugin for phrase in plugins.phrases.of(text)[0]]

    assert meant("doorzetten M1") == ["letters"]
    assert meant("doorzetten TB-0001 LD") == ["alerts"]
    assert meant("doorzetten") == ["alerts", "letters"]


def test_the_longest_phrase_wins(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    plugins.load([plugin("members", "verwijder mij"), plugin("lists", "verwijder")])
    assert [phrase.plugin for phrase in plugins.phrases.of("Verwijder mij!")[0]] == ["members"]
    assert [phrase.plugin for phrase in plugins.phrases.of("verwijder lijst 3")[0]] == ["lists"]


@pytest.mark.parametrize("typed", ["Café", "cafe", "/cafe", "CAFÉ", "/cafe@buurtbot"])
def test_case_accents_and_a_slash_make_no_difference(
    typed: str, plugins: Plugins, plugin: Callable[..., ModuleType]
) -> None:
    plugins.load([plugin("cafes", "café")])
    assert [phrase.plugin for phrase in plugins.phrases.of(typed)[0]] == ["cafes"]


def wordless(ident: str) -> ModuleType:
    """Make a plugin without a single catalogue."""

    def lend_out(ctx: Context, what: str) -> None:
        """Lend something {out}.

        To whom comes later.
        """

    def commands() -> list[Command]:
        return [Command("lend_out", lend_out)]

    module = ModuleType(ident)
    module.manifest = Manifest(id=ident, name=ident, version="1")  # type: ignore[attr-defined]
    module.commands = hookimpl(commands)  # type: ignore[attr-defined]
    return module


def test_a_command_that_no_catalogue_describes_is_called_and_explained_as_in_code() -> None:
    texts = Catalogues(strict=True)
    plugins = Plugins(texts)
    plugins.load([wordless("library")])
    found, rest = plugins.phrases.of("/Lend out ladder")
    assert ([phrase.plugin for phrase in found], rest) == (["library"], "ladder")
    for language in ("nl", "en"):
        said = [
            texts.render(Text(f"command.lend_out.{key}", domain="library"), Reader(language))
            for key in ("help", "example")
        ]
        assert said == ["Lend something {out}.", "lend out"]


def test_names_from_the_code_collide_as_words_do(plugins: Plugins) -> None:
    with pytest.raises(ConfigurationError, match='plugins library and shed: both have the command "lend out"'):
        plugins.load([wordless("library"), wordless("shed")])


def test_a_plugin_for_a_newer_core_is_refused(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    with pytest.raises(ConfigurationError, match="plugin tomorrow: needs core 99"):
        plugins.load([plugin("tomorrow", needs_core="99.0")])


def test_a_plugin_that_another_needs_is_asked_for(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    with pytest.raises(ConfigurationError, match=r"needs the plugin alerts \(add \[plugins.alerts\]"):
        plugins.load([plugin("escalation", needs=("alerts",))])


def test_every_fault_is_told_at_once(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        plugins.load([plugin("one", needs_core="99"), plugin("two", needs=("three",))])
    assert len(caught.value.faults) == 2


def test_a_hook_with_an_unknown_argument_is_refused(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    module = plugin("wrong")

    def recognise(sentence: str) -> None:
        return None

    module.recognise = hookimpl(recognise)  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError, match="plugin wrong"):
        plugins.load([module])


def in_order(function: Callable[..., object]) -> Callable[..., object]:
    """Decorate a function as many do: what it is given is handed on in order."""

    @wraps(function)
    def inner(*args: object) -> object:
        return function(*args)

    return inner


def however(function: Callable[..., object]) -> Callable[..., object]:
    """Decorate a function so that it is handed on what it is given, in order or by name."""

    @wraps(function)
    def inner(*args: object, **named: object) -> object:
        return function(*args, **named)

    return inner


def by_name(function: Callable[..., object]) -> Callable[..., object]:
    """Decorate a function so that it is called by name."""

    @wraps(function)
    def inner(**named: object) -> object:
        return function(**named)

    return inner


@pytest.mark.parametrize(
    ("takes", "heard"),
    [
        (lambda ctx, text, about: (ctx, text, about), (1, "x", 2)),
        (in_order(lambda ctx, text, about: (ctx, text, about)), (1, "x", 2)),
        (in_order(lambda about, ctx: (ctx, about)), (1, 2)),
        (however(lambda ctx, text, about, /: (ctx, text, about)), (1, "x", 2)),
        (by_name(lambda ctx, text, about: (ctx, text, about)), (1, "x", 2)),
        (lambda about, ctx, text: (ctx, text, about), (1, "x", 2)),
        (lambda ctx, text, about, /: (ctx, text, about), (1, "x", 2)),
        (lambda text: text, "x"),
        (lambda text, ctx=None: (text, ctx), ("x", None)),  # as pluggy has it, one with a default is not given
        (lambda: "nothing", "nothing"),
    ],
)
def test_a_hook_is_given_what_it_takes(
    takes: Callable[..., object], heard: object, plugins: Plugins, plugin: Callable[..., ModuleType]
) -> None:
    module = plugin("listens")
    module.recognise_official = hookimpl(takes)  # type: ignore[attr-defined]
    plugins.load([module])
    ((_, ask),) = plugins.implementations("recognise_official")
    assert ask(ctx=1, text="x", about=2) == heard


def test_hooks_that_nobody_declares_are_named_with_their_line(
    plugins: Plugins, plugin: Callable[..., ModuleType]
) -> None:
    module = plugin("pets")
    module.export_persn = hookimpl(lambda ctx, person: {})  # type: ignore[attr-defined]
    module.weather = hookimpl(lambda: None)  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError) as refused:
        plugins.load([module])
    misspelt, own = str(refused.value).splitlines()[-2:]
    assert "plugin pets: has a hook export_persn (test_plugins.py:" in misspelt
    assert "did you mean export_person?" in misspelt
    assert "has a hook weather" in own


@pytest.mark.parametrize("hook", ["member_left", "export_person"])
def test_no_hook_can_be_wrapped(hook: str, plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    module = plugin("nosy")

    def wraps(ctx: Context):  # type: ignore[no-untyped-def]
        yield

    setattr(module, hook, hookimpl(wrapper=True)(wraps))
    with pytest.raises(ConfigurationError, match="cannot be wrapped"):
        plugins.load([module])


def test_a_command_list_that_fails_names_its_plugin(plugins: Plugins, plugin: Callable[..., ModuleType]) -> None:
    module = plugin("clumsy")

    def commands() -> list[Command]:
        raise KeyError("oops")

    module.commands = hookimpl(commands)  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError, match=r"plugin clumsy: commands\(\) failed: KeyError"):
        plugins.load([module])


def test_a_plugin_that_is_not_installed_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"plugins\.lost_cats: is not installed .*alerts.*members"):
        find(["lost_cats"])


def test_every_hook_says_whether_it_asks_or_tells(plugins: Plugins) -> None:
    asks = {
        "commands",
        "reserved_words",
        "recognise",
        "recognise_official",
        "pages",
        "sources",
        "still_open",
        "under_way",
        "export_person",
    }
    hooks = {name for name, value in vars(hookspecs).items() if hasattr(value, "buurtwacht_spec")}
    tells = {name for name in hooks if plugins.is_tell(name)}
    assert hooks - tells == asks
    assert all(vars(hookspecs)[name].__doc__ for name in hooks)
