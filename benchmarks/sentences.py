"""What is read to be measured: the sentences of the tests' tables, and pages that only mean to cost time."""

from __future__ import annotations

from tests.plugins.report_sentences import CHAT, REPORTS
from tests.plugins.talk_sentences import TALK
from tests.plugins.typed_sentences import TYPED

SENTENCES = [*(sentence.text for sentence in (*REPORTS, *TYPED)), *CHAT, *TALK]

#: 5,000 signs, or a thousand words, of the kind that regular expressions dislike.
HOSTILE = [
    "a" * 5000,
    " ".join(f"woord{number}" for number in range(1000)),
    "1234567890" * 500,
    "\U0001f525" * 5000,
    " " * 5000,
    "12-" * 1700,
    "a." * 2500,
    "06 " * 1700,
    "meidoornstraat " * 333,
    "meidornstraa lindestrat " * 200,
    "nog niet 112 al net ook gebeld " * 160,
    "de t.h.v. " * 500,
    "zwarte verdachte auto " * 220,
    "kenteken is deels " * 270,
    "van de bij den " * 330,
    "richting naar de " * 300,
]
