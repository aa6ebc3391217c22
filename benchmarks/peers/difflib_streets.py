"""The least that reading could be: each word once through `difflib.get_close_matches` over the street list.

It finds a street and nothing else. Prints seconds: the median and the worst sentence.
"""

from __future__ import annotations

import difflib
import json
import statistics
import time

import click

from benchmarks.sentences import HOSTILE, SENTENCES
from benchmarks.village import streets


def main() -> None:
    """Measure and print."""
    listed = [street.lower() for street in streets()]
    usual = [_once(text, listed) for text in SENTENCES]
    hostile = [_once(text, listed) for text in HOSTILE]
    click.echo(json.dumps({"median": statistics.median(usual), "worst": max(usual), "hostile": max(hostile)}))


def _once(text: str, listed: list[str]) -> float:
    began = time.perf_counter()
    for word in text.lower().split():
        difflib.get_close_matches(word, listed, n=1, cutoff=0.8)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
