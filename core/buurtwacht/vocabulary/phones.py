"""Telephone numbers as people write them."""

from __future__ import annotations


def readable(number: str, country: str) -> str:
    """Return a number (E.164) as it is written in a country: "06 12345678" at home, "+49 1512 3456789" from elsewhere.

    `country` is ISO 3166. What is no telephone number stays as it is.
    """
    import phonenumbers  # only now: its tables take a while to load, and few messages show a number

    try:
        parsed = phonenumbers.parse(number if number.startswith("+") else f"+{number}")
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    home = phonenumbers.region_code_for_number(parsed) == country
    return phonenumbers.format_number(parsed, form.NATIONAL if home else form.INTERNATIONAL)
