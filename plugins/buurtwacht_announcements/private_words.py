"""What never goes to a neighbourhood in words of a neighbour (§2.6): people's numbers, mail addresses, plates."""

from __future__ import annotations

import re

#: A telephone number of a person; service numbers (112, 0800, 0900, 14 0165) are everybody's.
_NUMBER = re.compile(r"(?<![\w+])(?!0[89]00)(?:\+|00)?\d(?:[\s().-]?\d){8,}(?!\w)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
#: Three groups with dashes (RDW: sidecodes); days and spans of numbers have no letters, words no digits.
_GROUPED = re.compile(r"(?<![\w-])([A-Za-z0-9]{1,3})-([A-Za-z0-9]{1,3})-([A-Za-z0-9]{1,3})(?![\w-])")
#: A day on the clock or the calendar is no number of a person.
_DAYS = re.compile(r"\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|\b\d{1,2}[:.]\d{2}\b")


def holds_private(text: str) -> bool:
    """Say whether a person's telephone number, a mail address or a licence plate stands in a text."""
    plain = _DAYS.sub(" · ", text)
    if _NUMBER.search(plain) is not None or _MAIL.search(text) is not None:
        return True
    groups = ("".join(one.groups()) for one in _GROUPED.finditer(text))
    return any(any(map(str.isdigit, one)) and any(map(str.isalpha, one)) for one in groups)
