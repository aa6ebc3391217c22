"""Settings of plugins as co-ordinators type them in a chat: what is understood, what is refused, what is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from buurtwacht import Command, Context, Manifest, Text, hookimpl
from buurtwacht.host.setting_lines import holds_secret, shown
from buurtwacht.host.typed_values import Untypable, is_secret, read
from buurtwacht.testing import Member, Neighbourhood, World

BAZAAR = "bazaar"


class Colour(StrEnum):
    RED = "red"
    LIGHT_BLUE = "light_blue"


class Tent(BaseModel):
    """How a tent stands."""

    poles: int = Field(default=4, ge=1, le=20)
    colour: Colour = Colour.RED
    password: str = ""


class Stage(BaseModel):
    """A stage has nothing to hide."""

    metres: int = Field(default=3, ge=1, le=9)
    lights: bool = False


class Settings(BaseModel):
    """The table [plugins.bazaar]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens: int = Field(default=9, ge=0, le=23)
    closes: int = Field(default=17, ge=0, le=23)
    price: float = 1.5
    music: bool = False
    mode: Literal["off", "quiet", "loud"] = "quiet"
    colours: tuple[Colour, ...] = ()
    songs: Annotated[list[str], Field(max_length=3)] = []
    motto: str = ""
    host: str | None = None
    stage: Stage = Stage()
    tent: Tent = Tent()
    corners: dict[str, int] = {}
    token: SecretStr = SecretStr("s3cr3t")
    till_password: str = "1234"
    hook: str = "https://kees:geheim@example.org/x"
    hidden: str = Field(default="sssh", repr=False)
    tents: list[Tent] = []
    site: str = Field(default="plein", json_schema_extra={"everywhere": True})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("in_order")
        return self


def bazaar() -> ModuleType:
    def show(ctx: Context) -> None:
        mine = ctx.settings(Settings)
        ctx.reply(Text("message.map", domain="core", link=f"{mine.opens}-{mine.closes} {mine.motto}"))

    module = ModuleType(BAZAAR)
    module.manifest = Manifest(id=BAZAAR, name="Rommelmarkt", version="1", settings=Settings)  # type: ignore[attr-defined]
    module.commands = hookimpl(lambda: [Command("markt", show)])  # type: ignore[attr-defined]
    return module


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(plugins=[bazaar()], settings={BAZAAR: {"closes": 18}}, wire=request.param) as made:
        made._core.catalogues.supply(BAZAAR, "in_order", "Eerst open, dan dicht.")
        yield made


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    own = {BAZAAR: {"motto": "Gezellig", "stage": {"metres": 5}, "corners": {"zuid": 2}}}
    return world.neighbourhood("TB", "Tolberg", quiet_hours=None, settings=own)


@pytest.fixture
def kees(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Kees", channel="telegram", roles=["coordinator"])


def says(world: World, member: Member, text: str) -> str:
    before = len(member.received)
    member.says(text)
    world.advance(seconds=20)
    return "\n".join(one.text for one in member.received[before:])


def test_each_setting_is_shown_with_where_it_comes_from_and_no_secret(world: World, kees: Member) -> None:
    says(world, kees, "instelling bazaar opens 10")
    told = says(world, kees, "instellingen rommelmarkt")
    for line in (
        "opens: 10 (met een commando)",
        "closes: 18 (uit het bestand, voor alle buurten)",
        "price: 1.5 (standaard)",
        "music: Nee (standaard)",
        "motto: Gezellig (uit het bestand, voor deze buurt)",
        "host: leeg (standaard)",
        "stage.metres: 5 (uit het bestand, voor deze buurt)",
        "stage.lights: Nee (uit het bestand, voor deze buurt)",
        "corners.zuid: 2 (uit het bestand, voor deze buurt)",
        "token: geheim (standaard)",
        "till_password: geheim (standaard)",
        "tent.password: geheim (standaard)",
        "hook: geheim (standaard)",
        "hidden: geheim (standaard)",
        "site: plein (alleen voor alle buurten samen)",
    ):
        assert line in told.splitlines()
    for secret in ("s3cr3t", "1234", "kees:geheim", "sssh"):
        assert secret not in told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("opens 11", "opens: 11"),
        ("opens=11", "opens: 11"),
        ("price 2,25", "price: 2.25"),
        ("music ja", "music: Ja"),
        ("music uit", "music: Nee"),
        ("mode uit", "mode: off"),
        ("mode LOUD", "mode: loud"),
        ("colours red, light blue", "colours: red, light_blue"),
        ('songs "Daar, bij die molen", Twee', 'songs: "Daar, bij die molen", Twee'),
        ("songs leeg", "songs: leeg"),
        ("motto Voor elkaar, met elkaar", "motto: Voor elkaar, met elkaar"),
        ('motto "standaard"', "motto: standaard"),
        ("motto leeg", "motto: leeg"),
        ('motto "leeg"', "motto: leeg"),
        ("motto Tot ziens in Tolberg", "motto: Tot ziens in Tolberg"),
        ("host geen", "host: leeg"),
        ("stage.metres 7", "stage.metres: 7"),
        ("stage.lights yes", "stage.lights: Ja"),
        ("corners.noord 4", "corners.noord: 4"),
        ("till password hallo", "till_password kan niet in een chat"),
        ("token abc", "token kan niet in een chat"),
        ("tent.poles 6", "tent.poles kan niet in een chat"),
        ("tents 3", "tents bestaat uit meer delen"),
        ("stage 3", "stage bestaat uit meer delen"),
        ("site park", "site geldt voor alle buurten samen"),
        ("opens laat", "Dat past niet bij opens: het moet een heel getal zijn."),
        ("opens 24", "Dat past niet bij opens: het mag hoogstens 23 zijn."),
        ("opens 19", "Dat past niet bij opens. Er is niets veranderd.\nEerst open, dan dicht."),
        ("music misschien", "Dat past niet bij music: het is ja of nee."),
        ("mode hard", "Kies een van deze: off, quiet, loud."),
        ("songs a, b, c, d", "het mogen er hoogstens 3 zijn"),
        ("size 3", "De instelling size is er niet."),
        ("stage.deep 3", "De instelling stage.deep is er niet."),
        ("opens", "opens: 9 (standaard)"),
        ("mode", "Kies uit: off, quiet, loud"),
    ],
)
def test_what_is_typed_is_understood_or_refused_with_the_reason(
    world: World, kees: Member, typed: str, said: str
) -> None:
    assert said in says(world, kees, f"instelling bazaar {typed}")


def test_a_value_holds_at_once_and_is_taken_back(world: World, kees: Member) -> None:
    els = world.neighbourhood("LD", "Langdonk").member("Els", channel="whatsapp", roles=["coordinator"])
    says(world, kees, "instelling rommelmarkt opens 12")
    assert says(world, kees, "markt") == "Kaart: 12-18 Gezellig"
    assert says(world, els, "markt") == "Kaart: 9-18 ", "only where it was set"
    told = says(world, kees, "instelling rommelmarkt opens standaard")
    assert told.endswith("opens: 9")
    assert says(world, kees, "markt") == "Kaart: 9-18 Gezellig"
    assert "niet met een commando veranderd" in says(world, kees, "instelling rommelmarkt opens default")
    who = f"person:{world.person_id(kees)}"
    lines = [(one.actor, one.event, one.subject) for one in world.audit() if one.event.startswith("setting_")]
    assert lines == [
        (who, "setting_changed", "setting:TB:bazaar.opens"),
        (who, "setting_reset", "setting:TB:bazaar.opens"),
    ]


def test_of_a_table_only_what_was_named_changes_and_goes_back(world: World, kees: Member) -> None:
    says(world, kees, "instelling bazaar stage.lights ja")
    says(world, kees, "instelling bazaar stage.metres 8")
    assert says(world, kees, "instelling bazaar stage.metres standaard").endswith("stage.metres: 5")
    told = says(world, kees, "instellingen bazaar")
    assert "stage.lights: Ja" in told
    says(world, kees, "instelling bazaar stage.lights standaard")
    assert "stage.lights: Nee (uit het bestand, voor deze buurt)" in says(world, kees, "instellingen bazaar")
    assert not world._core.settings.overrides()


def test_who_looks_after_two_says_which_or_is_asked(world: World, tolberg: Neighbourhood, kees: Member) -> None:
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None)
    langdonk.join(kees, roles=["coordinator"])
    assert "in Langdonk:\nopens: 13" in says(world, kees, "instelling bazaar opens 13 LD")
    assert says(world, kees, "instelling bazaar opens 14").startswith("Voor welke buurt?")
    kees.taps("Tolberg")
    world.advance(seconds=20)
    assert "in Tolberg:\nopens: 14" in kees.last.text
    assert "opens: 13" in says(world, kees, "instellingen bazaar Langdonk")
    assert says(world, kees, 'instelling TB bazaar motto "groeten uit LD"').endswith("motto: groeten uit LD")


@pytest.mark.parametrize("typed", ["instellingen", "instellingen bazaar", "instelling bazaar opens 3"])
def test_it_is_for_those_who_look_after_the_neighbourhood(world: World, tolberg: Neighbourhood, typed: str) -> None:
    henk = tolberg.member("Henk", channel="whatsapp")
    assert "is alleen voor wie die taak heeft" in says(world, henk, typed)
    assert not world._core.settings.overrides()


def test_in_english(world: World, tolberg: Neighbourhood) -> None:
    john = tolberg.member("John", channel="whatsapp", language="en", roles=["admin"])
    assert "opens: 9 (default)" in says(world, john, "settings bazaar")
    assert says(world, john, "setting bazaar music yes").endswith("music: Yes")
    assert says(world, john, "setting bazaar music default").endswith("music: No")
    assert "a secret does not belong there" in says(world, john, "setting bazaar token x")


def test_a_long_list_comes_whole(world: World, kees: Member) -> None:
    for number in range(3):
        says(world, kees, f"instelling bazaar corners.hoek{number} {number}")
    says(world, kees, "instelling bazaar motto " + "lang " * 600)
    told = says(world, kees, "instellingen bazaar")
    assert "corners.hoek2: 2" in told
    assert "lang lang …" in told or "lang…" in told
    assert "site: plein" in told


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("1.000", int, 1000),
        ("-3", int, -3),
        ("1,5", int, 1.5),
        ("007", str, "007"),
        ("“uit”", str, "uit"),
        ("nee", bool | None, False),
        ("geen", bool | None, None),
        ("3", int | None, 3),
        ("a; b", list[str], ["a", "b"]),
        ("1, 2", list[int], [1, 2]),
        ("[1, 2]", tuple[int, ...], [1, 2]),
        ("", set[str], []),
        ("PT2H", timedelta, "PT2H"),
        ("on", Literal["on", "off"], "on"),
        ("nee", Literal["ja", "nee"], "nee"),
    ],
)
def test_values_of_all_kinds(typed: str, kind: object, value: object) -> None:
    assert read(typed, kind) == value


@pytest.mark.parametrize("kind", [Tent, dict[str, int], list[Tent], list[list[str]], SecretStr, SecretStr | None])
def test_what_cannot_be_typed(kind: object) -> None:
    with pytest.raises(Untypable):
        read("x", kind)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("token", True),
        ("api_key", True),
        ("client_secret", True),
        ("key_holders", False),
        ("tokens", True),
        ("api_keys", True),
        ("apikeys", True),
        ("accesstoken", True),
        ("client_secrets", True),
        ("webhookSecret", True),
        ("secretary", False),
        ("keyboard", False),
        ("url", False),
    ],
)
def test_what_looks_like_a_secret(name: str, secret: bool) -> None:
    assert is_secret(name, None, "abc") is secret


class Login(BaseModel):
    """A table under the name of a secret."""

    user: str = "piet"
    tries: int = 3


class Keeping(BaseModel):
    """Secrets where one would not look for them."""

    hook: HttpUrl = HttpUrl("https://kees:geheim1@example.org/x")
    plain: HttpUrl = HttpUrl("https://example.org/plain")
    news: list[str] = ["https://example.org", "https://kees:geheim2@example.org/x"]
    places: dict[str, list[str]] = {"a": ["https://u:geheim3@example.org"], "b": ["https://example.org/b"]}
    by_address: dict[str, int] = {"https://u:geheim4@example.org": 1}
    query: str = "https://example.org/?access_token=geheim5"
    passwords: dict[str, str] = {"kees": "geheim6"}
    pins: dict[str, dict[str, int]] = {"token": {"kees": 1234567}}
    logins: dict[str, str] = {"secret": "geheim7"}
    credentials: Login = Login(user="geheim8")
    seed: bytes = b"plain seed"
    token_bytes: bytes = b"geheim9"
    tokens_each_day: int = 12
    token_kind: Literal["short", "long"] = "short"


def test_a_secret_is_not_shown_wherever_it_stands() -> None:
    told = {one.name: one for one in shown(Keeping())}
    words = "\n".join(f"{one.name}: {one.value}" for one in told.values())
    assert "geheim" not in words
    assert "1234567" not in words
    open_to_all = {name for name, one in told.items() if not one.is_secret}
    assert open_to_all == {"plain", "places.b", "credentials.tries", "seed", "tokens_each_day", "token_kind"}


def test_a_secret_in_a_list_or_a_table_is_not_set_in_a_chat() -> None:
    assert holds_secret(Keeping(), "passwords")
    assert holds_secret(Keeping(passwords={}), "passwords")
    assert holds_secret(Keeping(), "news")
    assert not holds_secret(Keeping(news=["https://example.org"]), "news")


def test_every_value_is_shown_once() -> None:
    names = [one.name for one in shown(Settings(token=SecretStr("x")))]
    assert len(names) == len(set(names))
    assert {name.partition(".")[0] for name in names} == set(Settings.model_fields)
