import subprocess
import sys

import pytest

from buurtwacht import AccountSettings, Adapter, ConfigurationError
from buurtwacht_whatsapp import adapter

COMPLETE = {"phone_number_id": "106540352242922", "token": "t", "app_secret": "s", "verify_token": "v"}


def faults(**changes: object) -> dict[str, str]:
    options = {**COMPLETE, **changes}
    return {fault.where: fault.what for fault in adapter.faults(AccountSettings("whatsapp", options))}


def test_a_complete_table_has_no_faults() -> None:
    whole: Adapter = adapter
    assert whole.name == "whatsapp"
    assert faults() == {}
    assert faults(api_url="http://127.0.0.1:9000/", api_version="v25.0", rate="40", number="+31612345678") == {}


def test_ids_that_the_environment_turned_into_numbers_are_taken() -> None:
    assert faults(phone_number_id=106540352242922) == {}
    assert faults(phone_number_id="1", waba_id=2) == {}


def test_everything_missing_is_told_at_once_with_a_mend() -> None:
    found = adapter.faults(AccountSettings("whatsapp", {"adapter": "whatsapp"}))
    assert [fault.where for fault in found] == ["phone_number_id", "token", "app_secret", "verify_token"]
    assert all(fault.mend for fault in found)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tokn", "x"),
        ("token", 1.5),
        ("token", "…"),
        ("token", "EAA\nG"),
        ("phone_number_id", "+31612345678"),
        ("waba_id", "mine"),
        ("api_url", "http://graph.example.org"),
        ("api_url", "ftp://127.0.0.1"),
        ("api_url", "https://[broken"),
        ("api_version", "26"),
        ("api_version", "v9.0"),
        ("rate", 0),
        ("rate", "fast"),
        ("rate", True),
        ("rate", float("inf")),
        ("templates", "Buurt Wacht"),
        ("number", "0612345678"),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object) -> None:
    assert list(faults(**{key: value})) == [key]


def test_opening_a_faulty_account_says_what_is_wrong() -> None:
    with pytest.raises(ConfigurationError, match="token"):
        adapter.open(AccountSettings("whatsapp", {}))


def test_the_rate_of_the_settings_is_the_channels() -> None:
    channel = adapter.open(AccountSettings("whatsapp", {**COMPLETE, "rate": 20}))
    assert channel.capabilities.rate == 20
    assert adapter.capabilities.rate == 80


def test_importing_the_adapter_does_not_load_pywa() -> None:
    program = "import sys, buurtwacht_whatsapp; print('pywa' in sys.modules, 'pywa_async' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]
