"""E-mail addresses as people write them, and the one form in which they are kept."""

from __future__ import annotations

import re

#: RFC 5321 §4.5.3.1: a path of 256 with its angle brackets, and 64 for the part before the @.
LONGEST = 254
_NAME = re.compile(r"(?=.{1,64}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(xn--[a-z0-9-]{1,58}[a-z0-9]|[a-z]{2,63})")


def mail_address(written: str) -> str:
    """Return an e-mail address in the form in which it is kept: small letters, its host in ASCII.

    Raises `ValueError` for what is none. Quoted names and hosts by number (RFC 5321 §4.1.2, §4.1.3) are none to us:
    nobody has them, and whoever types one mistyped.
    """
    name, at, host = written.strip().removeprefix("mailto:").lower().rpartition("@")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = ""
    found = f"{name}{at}{host}"
    if len(found) > LONGEST or not _NAME.fullmatch(name) or not _HOST.fullmatch(host):
        raise ValueError("not an e-mail address")
    return found
