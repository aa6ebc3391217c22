"""Public holidays: which shifts fall on one, or in the weekend beside one (R34)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from buurtwacht import Text

_FRIDAY = 4
#: From this hour on a Friday it is weekend.
_WEEKEND_BEGINS = 18
_SPOKEN = {"nl": "nl", "en": "en_US"}


@lru_cache(maxsize=32)
def _feasts(country: str, year: int, language: str) -> Mapping[date, str]:
    """Return the holidays of a year by day; none where the library does not know the country.

    Days that not everybody has off, such as Liberation Day, count too: walkers may have plans.
    """
    import holidays  # a quarter of a second, paid by who makes the first roster

    try:
        known = holidays.country_holidays(country)
        spoken = _SPOKEN.get(language, "")
        wanted = spoken if spoken in known.supported_languages else None
        kinds = [(one,) for one in ("optional", "public") if one in known.supported_categories]
        years = [holidays.country_holidays(country, years=year, language=wanted, categories=one) for one in kinds]
    except NotImplementedError:
        return {}
    return {day: name for one in years for day, name in one.items()}


def feast_of(day: date, country: str, language: str) -> str:
    """Return the name of the public holiday on a day, in a language, or nothing."""
    return _feasts(country, day.year, language).get(day, "")


def flag(at: datetime, country: str, language: str) -> Text | None:
    """Return the remark beside a shift on a public holiday, or in the weekend beside one; `at` is local.

    The weekend runs from Friday evening to Sunday; a holiday lies beside it from the Thursday before to the Monday
    after.
    """
    day = at.date()
    if name := feast_of(day, country, language):
        return Text("note.feast", name=name)
    friday = day - timedelta(days=(day.weekday() - _FRIDAY) % 7)
    in_weekend = (day - friday).days in (1, 2) or (day == friday and at.hour >= _WEEKEND_BEGINS)
    if not in_weekend:
        return None
    names = (feast_of(friday + timedelta(days=step), country, language) for step in (0, 1, 2, -1, 3))
    name = next((one for one in names if one), "")
    return Text("note.weekend", name=name) if name else None
