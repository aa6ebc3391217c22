"""Names of days and months with a letter amiss ("dinsdg", "wonsdagavond"), mended before a text is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from buurtwacht import is_nearly

#: Shorter words are never mended: one letter from "maart" lies "maar".
_SHORTEST = 5
_WORD = re.compile(rf"[a-z]{{{_SHORTEST},}}")
_ENDING = re.compile(r"(?:avonden|avond|nachten|nacht|middag|en|s)$")
#: Words, and names of walkers, that are one letter from a name of a day or month.
_OTHERS = frozenset(
    ("kaart", "taart", "vaart", "waart", "maarn", "marcha", "match", "marsh", "larch", "sundry", "augusta")
)


def mender(names: Collection[str]) -> Callable[[str], str]:
    """Return what mends these names in a text in small letters without accents; what may be two names stays."""
    known = frozenset(names)
    long = tuple(sorted(one for one in known if len(one) >= _SHORTEST))

    @lru_cache(512)
    def spelt(word: str) -> str:
        ending = _ENDING.search(word)
        stem = word[: ending.start()] if ending is not None else word
        if word in known or stem in known or word in _OTHERS:
            return word
        for part in dict.fromkeys((word, stem)):
            near = [one for one in long if len(part) >= _SHORTEST and is_nearly(part, one)]
            if near:
                return near[0] + word[len(part) :] if len(near) == 1 else word
        return word

    return lambda text: _WORD.sub(lambda found: spelt(found[0]), text)
