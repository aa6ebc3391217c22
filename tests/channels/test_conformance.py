"""Every built-in channel does what every channel must; the playground as each messenger that it imitates."""

from __future__ import annotations

from buurtwacht.testing.conformance import ChannelConformance
from buurtwacht_email import adapter as email
from buurtwacht_playground import PlaygroundAdapter
from buurtwacht_playground import adapter as playground
from buurtwacht_playground.styles import Style
from buurtwacht_telegram import adapter as telegram
from buurtwacht_whatsapp import adapter as whatsapp


class TestTelegram(ChannelConformance):
    adapter = telegram


class TestWhatsApp(ChannelConformance):
    adapter = whatsapp


class TestEmail(ChannelConformance):
    adapter = email


class TestPlayground(ChannelConformance):
    adapter = playground


class TestPlaygroundAsTelegram(ChannelConformance):
    adapter = PlaygroundAdapter(Style.TELEGRAM)


class TestPlaygroundAsWhatsApp(ChannelConformance):
    adapter = PlaygroundAdapter(Style.WHATSAPP)
