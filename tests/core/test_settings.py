"""What an operator writes in plugins.toml and in the environment, and what he reads when it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from buurtwacht import Adapter, ConfigurationError, Fault
from buurtwacht.vocabulary.channels import AccountSettings, Capabilities, Channel
from buurtwacht.vocabulary.settings import (
    Settings,
    account_faults,
    account_settings,
    build,
    load,
    plugin_faults,
)

EXAMPLE = Path(__file__).parents[2] / "plugins.example.toml"
SECRETS = {
    "BUURTWACHT_CHANNELS__TELEGRAM__TOKEN": "123456:a-token-that-nobody-has",
    "BUURTWACHT_CHANNELS__WHATSAPP__PHONE_NUMBER_ID": "0106540352242922",
    "BUURTWACHT_CHANNELS__WHATSAPP__TOKEN": "EAA-nobody",
    "BUURTWACHT_CHANNELS__WHATSAPP__APP_SECRET": "app-secret",
    "BUURTWACHT_CHANNELS__WHATSAPP__VERIFY_TOKEN": "verify-token",
    "BUURTWACHT_CHANNELS__EMAIL__SMTP_URL": "smtps://nobody:nothing@mail.example.org",
}
TOLBERG = {"code": "TB", "name": "Tolberg"}


def write(folder: Path, text: str) -> Path:
    path = folder / "plugins.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """Return what is told of a file, a line for each fault, without the name of the file."""
    with pytest.raises(ConfigurationError) as told:
        load(write(folder, text), environ or {})
    assert all(fault.where.startswith("plugins.toml: ") for fault in told.value.faults)
    return [str(fault).removeprefix("plugins.toml: ") for fault in told.value.faults]


class AlertSettings(BaseModel):
    photos: Literal["off", "officials_only", "moderated", "members"] = "officials_only"
    plates: Literal["officials_only", "partial", "members"] = "officials_only"
    hours: int = Field(default=24, gt=0)


class Pigeons:
    """A messenger that needs a loft."""

    name = "pigeons"
    capabilities = Capabilities()
    stand_in = ""

    def faults(self, settings: AccountSettings) -> list[Fault]:
        return [] if settings.options.get("loft") else [Fault("loft", "is missing", 'write loft = "…"')]

    def open(self, settings: AccountSettings) -> Channel:
        raise AssertionError("nobody opens a loft here")


# --- the file ------------------------------------------------------------------------------------------------------


def test_the_example_is_valid_apart_from_its_secrets() -> None:
    found = load(EXAMPLE, SECRETS)
    assert found.channels["whatsapp"].options["phone_number_id"] == "0106540352242922"
    assert found.channels["telegram"].rate == 30
    assert [each.code for each in found.neighbourhoods] == ["TB", "LD"]
    assert found.source == EXAMPLE
    adapters: dict[str, Adapter] = {
        name: entry.load() for name in found.channels for entry in entry_points(group="buurtwacht.channels", name=name)
    }
    assert account_faults(found, adapters) == []


def test_nothing_written_is_a_whole_configuration() -> None:
    found = load(None, {})
    assert found.instance.language == "nl"
    assert found.instance.timezone == "Europe/Amsterdam"
    assert (found.web.host, found.web.port, found.web.public_url) == ("127.0.0.1", 8080, "")
    assert found.instance.database_file == Path.cwd() / "buurtwacht.db"


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "tolberg.csv").write_text(
        "street,lat,lon\nMeidoornstraat,51.53,4.44\nEsdoornlaan,,\n", encoding="utf-8"
    )
    found = load(write(tmp_path, '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nstreets = "tolberg.csv"\n'), {})
    assert found.instance.database_file == tmp_path / "buurtwacht.db"
    assert found.instance.database == f"sqlite:///{tmp_path}/buurtwacht.db"
    first, second = found.neighbourhood("TB").streets
    assert (first.name, first.latitude, first.longitude) == ("Meidoornstraat", 51.53, 4.44)
    assert (second.name, second.latitude) == ("Esdoornlaan", None)


def test_a_neighbourhood_speaks_as_the_installation_does_unless_it_says_otherwise() -> None:
    found = build(
        {
            "buurtwacht": {"language": "en", "timezone": "Europe/London"},
            "neighbourhoods": [TOLBERG, {"code": "LD", "name": "Langdonk", "language": "nl", "quiet_hours": ""}],
        }
    )
    assert (found.neighbourhood("TB").language, found.neighbourhood("TB").timezone) == ("en", "Europe/London")
    assert str(found.neighbourhood("TB").quiet_hours) == "22:30-07:00"
    assert found.neighbourhood("LD").language == "nl"
    assert found.neighbourhood("LD").quiet_hours is None


def test_settings_cannot_be_changed_and_do_not_show_their_secrets() -> None:
    found = build(
        {
            "buurtwacht": {"database": "postgresql+psycopg://buurt:s3cret@localhost/buurt"},
            "web": {"metrics_token": "s3cret"},
            "channels": {"telegram": {"token": "s3cret"}},
        }
    )
    with pytest.raises(ValidationError):
        found.web.port = 1
    with pytest.raises(TypeError):
        found.channels["telegram"].options["token"] = "x"  # type: ignore[index]
    assert "s3cret" not in repr(found)


# --- the environment -----------------------------------------------------------------------------------------------


def test_the_environment_wins(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[channels.north-side]\nadapter = "telegram"\ntoken = "old"\n[plugins.lost_pets]\n'
        '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nadjacent = []\nborders = { A = "LD" }\n'
        '[[neighbourhoods]]\ncode = "LD"\nname = "Langdonk"\n',
    )
    found = load(
        path,
        {
            "BUURTWACHT_BUURTWACHT__LANGUAGE": "en",
            "BUURTWACHT_WEB__PORT": "9000",
            "BUURTWACHT_CHANNELS__NORTH_SIDE__TOKEN": "12345",
            "BUURTWACHT_CHANNELS__NORTH_SIDE__RATE": "2.5",
            "BUURTWACHT_PLUGINS__LOST_PETS__DAYS": "3",
            "BUURTWACHT_NEIGHBOURHOODS__TB__NAME": "Tolberg-Zuid",
            "BUURTWACHT_NEIGHBOURHOODS__TB__ADJACENT": '["LD"]',
            "BUURTWACHT_NEIGHBOURHOODS__TB__SETTINGS__LOST_PETS__DAYS": "5",
        },
    )
    assert found.instance.language == "en"
    assert found.web.port == 9000
    account = found.channels["north-side"]
    assert (account.adapter, account.rate, dict(account.options)) == ("telegram", 2.5, {"token": "12345"})
    assert found.plugins["lost_pets"]["days"] == "3"
    tolberg = found.neighbourhood("TB")
    assert (tolberg.name, tolberg.adjacent, tolberg.borders["A"]) == ("Tolberg-Zuid", ("LD",), "LD")
    assert tolberg.settings["lost_pets"]["days"] == "5"
    assert found.neighbourhood("LD").name == "Langdonk"


def test_variables_that_are_no_settings_are_left_alone() -> None:
    assert load(None, {"BUURTWACHT_KEY": "k", "BUURTWACHT_CONFIG": "x", "PATH": "/bin", "OTHER__THING": "1"})


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("BUURTWACHT_CHANELS__TELEGRAM__TOKEN", "did you mean channels?"),
        ("BUURTWACHT_CHANNELS__TELGRAM__TOKEN", "did you mean telegram?"),
        ("BUURTWACHT_CHANNELS__SIGNAL__TOKEN", "there is no account of that name"),
        ("BUURTWACHT_PLUGINS__ALERTS__PHOTOS", "there is no plugin of that name"),
        ("BUURTWACHT_NEIGHBOURHOODS__XX__NAME", "there is no neighbourhood of that name"),
        ("BUURTWACHT_CHANNELS__TELEGRAM", "name a key too"),
        ("BUURTWACHT_WEB__PROT", "did you mean port?"),
    ],
)
def test_a_variable_that_sets_nothing_is_a_fault(tmp_path: Path, variable: str, told: str) -> None:
    (line,) = faults(tmp_path, '[channels.telegram]\ntoken = "x"\n', {variable: "value"})
    assert told in line
    assert variable in line


def test_a_bad_value_from_the_environment_names_its_variable_and_not_itself(tmp_path: Path) -> None:
    (line,) = faults(tmp_path, "", {"BUURTWACHT_WEB__PORT": "eighty"})
    assert line.startswith("web.port: must be a whole number (it is set by BUURTWACHT_WEB__PORT; ")
    assert "eighty" not in line


# --- what is wrong -------------------------------------------------------------------------------------------------


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = """
        [buurtwacht]
        langage = "nl"
        timezone = "Europe/Amsterdm"
        [web]
        port = 80800
        [channels.pigeons]
        rate = 0
        [plugins.alerts]
        photos = "moderate"
        [[neighbourhoods]]
        code = "TB"
        name = "Tolberg"
        postcodes = ["4707 AB"]
        adjacent = ["LE"]
        quiet_hours = "late"
        [[neighbourhoods]]
        code = "LD"
        nam = "Langdonk"
    """
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as told:
        load(
            path,
            {"BUURTWACHT_WEB__HOOST": "x"},
            lambda found: account_faults(found, {"pigeons": Pigeons()}),
            lambda found: plugin_faults(found, {"alerts": AlertSettings}),
        )
    assert {fault.where.removeprefix("plugins.toml: ") for fault in told.value.faults} == {
        "buurtwacht.langage",
        "buurtwacht.timezone",
        "web.port",
        "web.hoost",
        "channels.pigeons.rate",
        "channels.pigeons.loft",
        "plugins.alerts.photos",
        "neighbourhoods.TB.postcodes",
        "neighbourhoods.TB.adjacent",
        "neighbourhoods.TB.quiet_hours",
        "neighbourhoods.LD.name",
        "neighbourhoods.LD.nam",
    }
    assert "input" not in str(told.value).lower(), "a sentence for people, not pydantic's"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour = 1", "colour: there is no such key"),
        ("[neighborhoods]", "neighborhoods: there is no such key (did you mean neighbourhoods?)"),
        ("web = 8080", "web: must be a table (write [web]"),
        ("neighbourhoods = 1", "neighbourhoods: must be a list"),
        ('[web]\nport = "x"', "web.port: must be a whole number"),
        ("[web]\nhost = 1", 'web.host: must be text (put it between quotes: host = "…")'),
        ('[buurtwacht]\ncountry = "nl"', "buurtwacht.country: 'nl' is not a country in our table (did you mean NL?)"),
        ('[buurtwacht]\nlanguage = "fr"', "buurtwacht.language: 'fr' is not a language we speak (choose nl or en)"),
        ("[channels]\nTelegram = { token = 'x' }", "channels.Telegram: 'Telegram' cannot be the name of an account"),
        ("channels = { telegram = 'x' }", "channels.telegram: must be a table"),
        ("[plugins]\nalerts = true", "plugins.alerts: must be a table"),
        ("[channels.telegram]\nrate = 'fast'", "channels.telegram.rate: must be a number"),
        ("[buurtwacht.ambiguous]\nnotice = 'twice'", "buurtwacht.ambiguous.notice: 'twice' is not one of"),
        ("[buurtwacht.ambiguous]\nnotices = 'repeat'", "buurtwacht.ambiguous.notices: there is no such key"),
    ],
)
def test_a_fault_is_a_sentence_with_a_mend(tmp_path: Path, text: str, told: str) -> None:
    (line,) = faults(tmp_path, text)
    assert line.startswith(told)
    assert line.endswith(")")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ('code = "tb"', "neighbourhoods.tb.code: 'tb' is not a code (write one to six capitals or digits"),
        ("postcodes = [4707]", "neighbourhoods.TB.postcodes: must be text"),
        ('postcodes = ["47"]', "neighbourhoods.TB.postcodes: '47' is not a postcode in NL (write it as 4707)"),
        ('adjacent = ["TB"]', "neighbourhoods.TB.adjacent: a neighbourhood is not its own neighbour"),
        ('borders = { Esdoornlaan = "XX" }', "neighbourhoods.TB.borders.Esdoornlaan: there is no neighbourhood XX"),
        ('quiet_hours = "25:00-07:00"', "neighbourhoods.TB.quiet_hours: '25:00-07:00' is not a span of time"),
        ('quiet_hours = "07:00-07:00"', "neighbourhoods.TB.quiet_hours: begins and ends at the same time"),
        ("quiet_hours = 7", "neighbourhoods.TB.quiet_hours: 7 is not a span of time"),
        ('streets = "nowhere.csv"', "neighbourhoods.TB.streets: nowhere.csv cannot be read"),
        ("streets = 7", "neighbourhoods.TB.streets: is neither a list nor a file"),
        ('streets = ["A", ""]', "neighbourhoods.TB.streets: street 2: the name of the street is missing"),
        ('plugin_off = ["alerts"]', "neighbourhoods.TB.plugin_off: there is no such key (did you mean plugins_off?)"),
        ('timezone = "Mars"', "neighbourhoods.TB.timezone: 'Mars' is not a time zone"),
    ],
)
def test_a_fault_in_a_neighbourhood_names_its_code(tmp_path: Path, key: str, told: str) -> None:
    code = "" if key.startswith("code") else 'code = "TB"\n'
    (line,) = faults(tmp_path, f'[[neighbourhoods]]\n{code}name = "Tolberg"\n{key}\n')
    assert line.startswith(told)


def test_a_code_belongs_to_one_neighbourhood(tmp_path: Path) -> None:
    table = '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\n'
    assert faults(tmp_path, table * 2) == [
        "neighbourhoods.TB.code: two neighbourhoods have this code (give one another code)"
    ]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgresql://u:s3cret@h/b",
            '"postgresql://" does not name the driver we use (write "postgresql+psycopg://…")',
        ),
        ("postgresql+psycopg2://u:s3cret@h/b", "does not name the driver"),
        ("postgresql+psycopg://u:s3cret@h", "names no database"),
        ("mysql://u:s3cret@h/b", "is not a database we can use"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("buurtwacht.db", "is not a database we can use"),
    ],
)
def test_a_database_we_cannot_use_is_told_without_its_password(tmp_path: Path, url: str, told: str) -> None:
    (line,) = faults(tmp_path, f'[buurtwacht]\ndatabase = "{url}"')
    assert told in line
    assert "s3cret" not in line


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://buurt.example.org/", "https://buurt.example.org"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.2:1", "http://127.0.0.2:1"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("", ""),
    ],
)
def test_the_world_reaches_us_by_https_and_this_machine_as_it_likes(url: str, kept: str) -> None:
    assert build({"web": {"public_url": url}}).web.public_url == kept


@pytest.mark.parametrize(
    "url", ["http://buurt.example.org", "buurt.example.org", "https://", "https://x:port", "ftp://x"]
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"web\.public_url: is not an"):
        build({"web": {"public_url": url}})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[web]\nport = abc", "plugins.toml: line 2, column 8: cannot be understood: invalid value"),
        ("[web]\nport = 1\n[web]", "plugins.toml: line 3, column 5: [web] stands here twice"),
        ("[web]\nport = 1\nport = 2\n", "plugins.toml: line 3, column 9: this key stands here twice"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load(write(tmp_path, text), {})
    assert str(error.value).startswith(told)


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"other\.toml: there is no such file \(copy plugins\.example\.toml"):
        load(tmp_path / "other.toml", {})
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path, {})
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ConfigurationError, match="is not text in UTF-8"):
        load(tmp_path / "latin.toml", {})


# --- streets -------------------------------------------------------------------------------------------------------


def test_every_bad_line_of_a_file_of_streets_is_told(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "street,lat,lon\nA,51.5,4.4\nB,north,4.4\nC,51.5,\nD,95,4.4\n,51,4\na,1,1\n", encoding="utf-8"
    )
    (line,) = faults(tmp_path, '[[neighbourhoods]]\ncode = "TB"\nname = "Tolberg"\nstreets = "s.csv"\n')
    for told in (
        "s.csv line 3: the latitude 'north' is not a number",
        "s.csv line 4: C needs both a latitude and a longitude",
        "s.csv line 5: the latitude 95 is not between -90 and 90",
        "s.csv line 6: the name of the street is missing",
        "s.csv line 7: a stands here twice",
    ):
        assert told in line


def test_streets_come_as_a_dutch_spreadsheet_writes_them(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_bytes("\ufeffstreet;lat;lon\r\nMeidoornstraat;51,53;4,44\r\n;;\r\n".encode())
    (street,) = (
        build({"neighbourhoods": [{**TOLBERG, "streets": "s.csv"}]}, folder=tmp_path).neighbourhood("TB").streets
    )
    assert (street.name, street.latitude, street.longitude) == ("Meidoornstraat", 51.53, 4.44)


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("naam,x\nA,1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"s\.csv line 1: the columns are not street,lat,lon"):
        build({"neighbourhoods": [{**TOLBERG, "streets": "s.csv"}]}, folder=tmp_path)


# --- accounts and plugins ------------------------------------------------------------------------------------------


def test_an_adapter_speaks_for_its_own_account() -> None:
    found = build(
        {
            "web": {"public_url": "https://b.example.org"},
            "channels": {"north": {"adapter": "pigeons"}, "pigeons": {"loft": "roof", "rate": 2}, "pigeon": {}},
        }
    )
    assert [str(fault) for fault in account_faults(found, {"pigeons": Pigeons()})] == [
        'plugins.toml: channels.north.loft: is missing (write loft = "…")',
        "plugins.toml: channels.pigeon: no adapter is called pigeon (did you mean pigeons?)",
    ]
    told = account_settings(found, "pigeons")
    assert (told.account, dict(told.options), told.public_url) == ("pigeons", {"loft": "roof"}, "https://b.example.org")


def test_a_neighbourhoods_own_setting_stands_before_the_plugins() -> None:
    found = build(
        {
            "plugins": {"alerts": {"photos": "off", "hours": "no"}},
            "neighbourhoods": [{**TOLBERG, "settings": {"alerts": {"hours": 12}}}],
        }
    )
    told = [fault.where.removeprefix("plugins.toml: ") for fault in plugin_faults(found, {"alerts": AlertSettings})]
    assert told == ["plugins.alerts.hours"], "the table by itself, and not once more for who replaces what is wrong"
    assert plugin_faults(build({}), {"alerts": AlertSettings}) == []


class SourceSettings(BaseModel, extra="forbid"):
    url: str = Field(default="https://example.org", json_schema_extra={"everywhere": True})
    words: str = ""


def test_what_is_one_for_the_whole_installation_is_refused_with_a_neighbourhood() -> None:
    own = {"url": "https://example.org/tolberg", "words": "brand"}
    found = build(
        {
            "plugins": {"news": {"url": "https://example.org/all"}},
            "neighbourhoods": [{**TOLBERG, "settings": {"news": own}}],
        }
    )
    [fault] = plugin_faults(found, {"news": SourceSettings})
    assert str(fault).removeprefix("plugins.toml: ") == (
        "neighbourhoods.TB.settings.news.url: is one for the whole installation, and does nothing for one neighbourhood"
        " (write it in [plugins.news])"
    )


def test_faults_in_plugin_tables_stand_where_they_were_written() -> None:
    found = build(
        {
            "plugins": {"alerts": {"photo": "off", "hours": 0}, "alert": {}, "members": {"colour": "red"}},
            "neighbourhoods": [
                {**TOLBERG, "settings": {"alerts": {"plates": "everybody"}, "pets": {}}, "plugins_off": ["patrols"]}
            ],
        }
    )
    told = [str(fault) for fault in plugin_faults(found, {"alerts": AlertSettings, "members": None})]
    assert sorted(line.removeprefix("plugins.toml: ") for line in told) == [
        "neighbourhoods.TB.plugins_off: no plugin is called patrols (the plugins here are alerts, members)",
        "neighbourhoods.TB.settings.alerts.plates: 'everybody' is not one of the choices"
        " (choose officials_only or partial or members)",
        "neighbourhoods.TB.settings: no plugin is called pets (the plugins here are alerts, members)",
        "plugins.alert: no plugin is called alert (did you mean alerts?)",
        "plugins.alerts.hours: is too small (write more than 0)",
        "plugins.alerts.photo: there is no such key (did you mean photos?)",
        "plugins.members.colour: there is no such key (there is nothing to set here)",
    ]


# --- anything ------------------------------------------------------------------------------------------------------

_KEYS = [*("code", "name", "adapter", "rate", "streets", "borders", "settings", "adjacent"), *("x", "port", "database")]
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["TB", "nl", "https://x"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), part, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["buurtwacht", "web", "channels", "plugins", "neighbourhoods", "x"]), junk),
)
@hypothesis_settings(max_examples=150, deadline=None)
def test_whatever_is_written_is_used_or_told(tables: dict[str, object]) -> None:
    told: tuple[Fault, ...] = ()
    found: Settings | None = None
    try:
        found = build(tables)
    except ConfigurationError as error:
        told = error.faults
    assert found or told
