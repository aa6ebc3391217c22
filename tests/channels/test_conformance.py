"""Every built-in channel that has a provider does what every channel must."""

from __future__ import annotations

from buurtwacht.testing.conformance import ChannelConformance
from buurtwacht_telegram import adapter as telegram
from buurtwacht_whatsapp import adapter as whatsapp


class TestTelegram(ChannelConformance):
    adapter = telegram


class TestWhatsApp(ChannelConformance):
    adapter = whatsapp
