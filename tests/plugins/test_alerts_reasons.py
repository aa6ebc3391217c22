"""Why a message did not reach somebody: whatever a messenger answered becomes words, and never a code."""

from __future__ import annotations

from pathlib import Path

import pytest

import buurtwacht_alerts
from buurtwacht import Misconfigured, Rejected, Throttled, Unavailable, Unreachable, WindowClosed
from buurtwacht.vocabulary.messages import Reader
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues
from buurtwacht_alerts.reasons import messenger, reason
from buurtwacht_telegram import errors
from buurtwacht_whatsapp.codes import MEANINGS


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    made = Catalogues(strict=True)
    made.add("alerts", Path(buurtwacht_alerts.__file__).parent / "locale")
    return made


@pytest.mark.parametrize(
    ("state", "why", "key"),
    [
        ("queued", "", "under_way"),
        ("sending", "", "under_way"),
        ("queued", "no_connection", "retried"),
        ("unknown", "no_answer", "unknown"),
        ("failed", "no address", "no_address"),
        ("failed", "no handle", "no_address"),
        ("failed", "blocked", "blocked"),
        ("failed", "no template for this text", "window"),
        ("failed", "too long for a template", "window"),
        ("failed", "store unavailable", "messenger"),
        ("failed", "cannot be put into words", "other"),
        ("failed", "unheard of", "other"),
        ("withdrawn", "withdrawn", "over"),
        ("withdrawn", "expired", "expired"),
        ("withdrawn", "superseded", "over"),
        ("withdrawn", "replaced what was not sent yet", "over"),
        ("withdrawn", "shown already", "shown"),
        ("withdrawn", "in what was shown already", "shown"),
        ("withdrawn", "muted", "muted"),
        ("withdrawn", "by operator", "operator"),
        ("withdrawn", "erased", "over"),
    ],
)
def test_what_the_core_writes(catalogues: Catalogues, state: str, why: str, key: str) -> None:
    said = reason(state, why)
    assert said.key == f"reason.{key}"
    for language in LANGUAGES:
        words = catalogues.render(said.within("alerts"), Reader(language))
        assert words
        assert "_" not in words


#: What people are told about each kind of answer that is final.
_TOLD = {
    Unreachable: {"blocked", "not_there", "not_started", "no_address"},
    WindowClosed: {"window"},
    Unavailable: {"messenger"},
    Throttled: {"messenger"},
}


@pytest.mark.parametrize("code", [code for code, one in MEANINGS.items() if one.error not in (Rejected, Misconfigured)])
def test_the_codes_of_whatsapp(code: int) -> None:
    one = MEANINGS[code]
    assert reason("failed", one.reason(code)).key.removeprefix("reason.") in _TOLD[one.error]


@pytest.mark.parametrize("why", [*sorted(set(errors._GONE.values())), "forbidden"])
def test_why_somebody_is_gone_from_telegram(why: str) -> None:
    assert reason("failed", why).key.removeprefix("reason.") in _TOLD[Unreachable]


def test_messengers_by_the_name_that_people_know() -> None:
    assert [messenger(one) for one in ("whatsapp", "telegram", "north_side")] == ["WhatsApp", "Telegram", "North Side"]
