"""The bodies of the page's POSTs, as the web reads them: unknown keys and wrong sizes are refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Ident = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Form(BaseModel):
    """A JSON object; every form but these keys is a mistake of the caller."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PhoneForm(Form):
    """Something that happens on one telephone; `key` names the act: asked for again, it still counts once."""

    telephone: Ident
    key: Ident | None = None


class SayForm(PhoneForm):
    """Text typed by the owner, at most what a messenger takes (Bot API: 4096)."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4096)]
    reply_to: Ident | None = None
    forwarded: bool = False


class TapForm(PhoneForm):
    """An answer chosen under a message."""

    message: Ident
    option: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class ReactForm(PhoneForm):
    """An emoji put on a message, empty to take it away."""

    message: Ident
    emoji: Annotated[str, StringConstraints(max_length=16)]


class PhotoForm(PhoneForm):
    """A photo in base64; without `content` the sample photo is sent. At most 5 MB (Cloud API: image)."""

    content: Annotated[str, StringConstraints(min_length=1, max_length=7_000_000)] | None = None
    mime: Literal["image/jpeg", "image/png"] = "image/jpeg"
    caption: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1024)] = ""


class VoiceForm(PhoneForm):
    """A few words spoken: the sample."""


class LocationForm(PhoneForm):
    """A position in degrees, WGS 84."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class WindowForm(PhoneForm):
    """WhatsApp's 24 hours, opened or closed by hand."""

    open: bool


class ReportForm(PhoneForm):
    """What becomes of one of our messages, for a telephone that does not report by itself."""

    message: Ident
    state: Literal["sent", "delivered", "read", "failed"]


class BlockForm(PhoneForm):
    """The owner blocks the bot, or allows it again."""

    blocked: bool


class SwitchForm(PhoneForm):
    """The telephone is switched on or off."""

    on: bool


class AdvanceForm(Form):
    """The clock goes forward by seconds (at most a week), or to the next time the wall shows `to`."""

    seconds: Annotated[int, Field(ge=1, le=7 * 86400)] | None = None
    to: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None


class StoryForm(Form):
    """One step of the first story, counted from 0."""

    step: Annotated[int, Field(ge=0, le=99)]


class LookForm(Form):
    """Which telephones are on the screen of one page."""

    viewer: Ident
    telephones: Annotated[list[Ident], Field(max_length=100)]
