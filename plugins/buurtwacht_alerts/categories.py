"""The kinds of alerts: names, CAP words, how hard each presses, how long it lasts, whether 112 belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from buurtwacht import Severity
from buurtwacht_alerts.lexicon import BURGLARY, SUSPICIOUS, WORDS


class Ask112(StrEnum):
    """Whether 112 belongs to a category."""

    ALWAYS = "always"
    #: asked when it happens now
    ASKED = "asked"
    NEVER = "never"
    #: a drill: the text says not to call
    FORBIDDEN = "forbidden"


class Photos(StrEnum):
    """What becomes of a photo that comes with a report, before the neighbourhood's own policy narrows it."""

    OFFICIALS_ONLY = "officials_only"
    NONE = "none"
    #: only after the parent's or the family's consent
    CONSENT = "consent"
    ALLOWED = "allowed"
    HELD = "held"


class Route(StrEnum):
    """Where a report of a category goes."""

    NEIGHBOURHOOD = "neighbourhood"
    MUNICIPALITY = "municipality"
    #: to another plugin, which people opt in to: no alert is made of it
    ELSEWHERE = "elsewhere"
    #: to the co-ordinators, who decide
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of alert.

    `code` is the Dutch id that forms and CAP parameters carry; `fades` says that it becomes a notice when it is
    over; `words` are what it is known by, with weights from 0 to 1.
    """

    id: str
    code: str
    cap_categories: tuple[str, ...]
    cap_responses: tuple[str, ...]
    severity: Severity
    expiry: timedelta
    ask_112: Ask112
    photos: Photos
    route: Route = Route.NEIGHBOURHOOD
    fades: bool = False
    words: Mapping[str, float] = field(default_factory=dict, repr=False)


#: What a report is until something says more; "of an unknown category" in R16.
UNKNOWN = "other"


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


_CRITICAL, _URGENT, _NOTICE, _INFO = Severity.CRITICAL, Severity.URGENT, Severity.NOTICE, Severity.INFO
_SECURITY, _INFRA, _RESCUE = ("Security",), ("Infra",), ("Rescue",)
_MONITOR = ("Monitor",)
_ALWAYS, _ASKED, _NEVER = Ask112.ALWAYS, Ask112.ASKED, Ask112.NEVER
_OFFICIALS, _NO_PHOTOS, _CONSENT = Photos.OFFICIALS_ONLY, Photos.NONE, Photos.CONSENT

_TABLE = (
    Category(
        "suspicious_person",
        "verdacht.persoon",
        _SECURITY,
        _MONITOR,
        _URGENT,
        _minutes(30),
        _ASKED,
        _OFFICIALS,
        fades=True,
        words=SUSPICIOUS,
    ),
    Category(
        "suspicious_vehicle",
        "verdacht.voertuig",
        _SECURITY,
        _MONITOR,
        _URGENT,
        _minutes(30),
        _ASKED,
        _OFFICIALS,
        fades=True,
        words=SUSPICIOUS,
    ),
    Category(
        "burglary_now",
        "inbraak.nu",
        _SECURITY,
        ("Shelter", "Monitor"),
        _CRITICAL,
        _minutes(45),
        _ALWAYS,
        _OFFICIALS,
        words=BURGLARY,
    ),
    Category(
        "burglary_found",
        "inbraak.geweest",
        _SECURITY,
        _MONITOR,
        _NOTICE,
        _hours(24),
        _ASKED,
        _NO_PHOTOS,
        words=BURGLARY,
    ),
    Category(
        "violence",
        "geweld",
        _SECURITY,
        ("Avoid", "Shelter"),
        _CRITICAL,
        _minutes(60),
        _ALWAYS,
        _NO_PHOTOS,
        fades=True,
        words=WORDS["violence"],
    ),
    Category(
        "missing_child",
        "vermist.kind",
        _RESCUE,
        _MONITOR,
        _CRITICAL,
        _hours(2),
        _ALWAYS,
        _CONSENT,
        words=WORDS["missing_child"],
    ),
    Category(
        "missing_person",
        "vermist.persoon",
        _RESCUE,
        _MONITOR,
        _URGENT,
        _hours(4),
        _ALWAYS,
        _CONSENT,
        words=WORDS["missing_person"],
    ),
    Category(
        "lost_pet",
        "vermist.dier",
        ("Other",),
        _MONITOR,
        _INFO,
        _hours(72),
        _NEVER,
        Photos.ALLOWED,
        Route.ELSEWHERE,
        words=WORDS["lost_pet"],
    ),
    Category(
        "doorstep_scam",
        "babbeltruc",
        _SECURITY,
        ("Avoid",),
        _URGENT,
        _hours(2),
        _ASKED,
        _OFFICIALS,
        fades=True,
        words=WORDS["doorstep_scam"],
    ),
    Category(
        "fire",
        "brand",
        ("Fire",),
        ("Evacuate", "Avoid"),
        _CRITICAL,
        _hours(2),
        _ALWAYS,
        _NO_PHOTOS,
        fades=True,
        words=WORDS["fire"],
    ),
    Category(
        "gas",
        "gaslek",
        ("Infra", "CBRNE"),
        ("Evacuate",),
        _CRITICAL,
        _hours(2),
        _ALWAYS,
        _NO_PHOTOS,
        fades=True,
        words=WORDS["gas"],
    ),
    Category(
        "flooding",
        "water",
        ("Met", "Infra"),
        ("Prepare",),
        _URGENT,
        _hours(12),
        _ASKED,
        Photos.ALLOWED,
        fades=True,
        words=WORDS["flooding"],
    ),
    Category(
        "power_cut",
        "stroom",
        _INFRA,
        ("Prepare",),
        _NOTICE,
        _hours(6),
        _NEVER,
        Photos.ALLOWED,
        words=WORDS["power_cut"],
    ),
    Category(
        "accident",
        "verkeer",
        ("Transport",),
        (),
        _CRITICAL,
        _minutes(60),
        _ALWAYS,
        _NO_PHOTOS,
        fades=True,
        words=WORDS["accident"],
    ),
    Category(
        "street_defect",
        "openbare_ruimte",
        _INFRA,
        (),
        _INFO,
        _hours(24),
        _NEVER,
        Photos.ALLOWED,
        Route.MUNICIPALITY,
        words=WORDS["street_defect"],
    ),
    Category(
        "nuisance",
        "overlast",
        ("Safety",),
        (),
        _NOTICE,
        _hours(2),
        _NEVER,
        _NO_PHOTOS,
        words=WORDS["nuisance"],
    ),
    Category(
        "medical",
        "medisch.hulp",
        ("Health",),
        (),
        _CRITICAL,
        _minutes(30),
        _ALWAYS,
        _NO_PHOTOS,
        fades=True,
        words=WORDS["medical"],
    ),
    Category("drill", "oefening", _SECURITY, (), _URGENT, _hours(2), Ask112.FORBIDDEN, _NO_PHOTOS),
    Category("all_clear", "einde", _SECURITY, ("AllClear",), _URGENT, _hours(1), _NEVER, _NO_PHOTOS),
    Category(UNKNOWN, "anders", ("Other",), (), _NOTICE, _hours(24), _NEVER, Photos.HELD, Route.HELD),
)

#: Every category by its id, in the order in which a form offers them.
CATEGORIES: Mapping[str, Category] = {category.id: category for category in _TABLE}

_BY_CODE = {category.code: category for category in _TABLE}


def category(name: str) -> Category:
    """Return a category by its id or its Dutch code ("verdacht.voertuig"). Raises `KeyError` for another name."""
    return CATEGORIES.get(name) or _BY_CODE[name]
