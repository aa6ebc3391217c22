"""E-mail addresses: what people write, and what is kept of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buurtwacht import mail_address


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("els@politie.nl", "els@politie.nl"),
        (" Els.de.Wit@Politie.NL ", "els.de.wit@politie.nl"),
        ("mailto:els@politie.nl", "els@politie.nl"),
        ("els+wacht@west-brabant.politie.nl", "els+wacht@west-brabant.politie.nl"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("els@münchen.example", "els@xn--mnchen-3ya.example"),
    ],
)
def test_an_address_is_kept_in_one_form(written: str, kept: str) -> None:
    assert mail_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "els",
        "els@",
        "@politie.nl",
        "els@politie",
        "els@@politie.nl",
        "els @politie.nl",
        "els@politie.nl, jan@politie.nl",
        "els@politie.nl\r\nRCPT TO:<jan@politie.nl>",
        ".els@politie.nl",
        "els..wit@politie.nl",
        "els@-politie.nl",
        "els@127.0.0.1",
        "els@[127.0.0.1]",
        '"els wit"@politie.nl',
        "éls@politie.nl",
        f"{'e' * 65}@politie.nl",
        f"els@{'a.' * 130}nl",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        mail_address(written)


@given(st.text(max_size=80))
def test_whatever_is_kept_can_stand_in_a_command_to_a_mail_server(written: str) -> None:
    try:
        kept = mail_address(written)
    except ValueError:
        return
    assert kept.isascii()
    assert not set(kept) & set(' <>\r\n\0,;\\"')
    assert mail_address(kept) == kept
