"""What differs from country to country: numbers to call, plates, postcodes. A table; a new country is a new row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Country:
    """Facts about one country; numbers as people dial them there, which is why they are text.

    Where a country has no national number for something, the text holds the address people find it at.
    """

    #: ISO 3166-1 alpha-2
    code: str
    #: danger, or caught in the act: the police are needed now
    emergency: str
    #: fire and ambulance
    rescue: str
    #: the police, when there is no hurry
    police: str
    #: telling about a crime without giving a name, or as a witness
    tip_line: str
    #: gas or power failed, or a smell of gas outdoors
    outage_line: str
    #: an animal in need
    animal_line: str
    #: what a postcode of a neighbourhood looks like, as a regular expression, and for people
    postcode: str
    postcode_example: str
    #: the name of the set of licence plate patterns
    plates: str
    #: the region for telephone numbers written without a country, as `phonenumbers` names it
    phone_region: str
    #: the calendar of public holidays
    holidays: str


#: Belgium: 101 is the police, 112 fire and ambulance; 0800 30 300 takes what witnesses know. Germany: 110 is the
#: police, 112 fire and ambulance; the rest differs by state, and 115 is the number common to the authorities.
COUNTRIES: Mapping[str, Country] = MappingProxyType(
    {
        country.code: country
        for country in (
            Country(
                code="NL",
                emergency="112",
                rescue="112",
                police="0900-8844",
                tip_line="0800-7000",
                outage_line="0800-9009",
                animal_line="144",
                postcode=r"\d{4}",
                postcode_example="4707",
                plates="NL",
                phone_region="NL",
                holidays="NL",
            ),
            Country(
                code="BE",
                emergency="101",
                rescue="112",
                police="www.politie.be",
                tip_line="0800 30 300",
                outage_line="www.synergrid.be",
                animal_line="www.politie.be",
                postcode=r"\d{4}",
                postcode_example="2000",
                plates="BE",
                phone_region="BE",
                holidays="BE",
            ),
            Country(
                code="DE",
                emergency="110",
                rescue="112",
                police="www.polizei.de",
                tip_line="www.polizei.de",
                outage_line="störungsauskunft.de",
                animal_line="115",
                postcode=r"\d{5}",
                postcode_example="10115",
                plates="DE",
                phone_region="DE",
                holidays="DE",
            ),
        )
    }
)


def country(code: str) -> Country:
    """Return the country with this ISO code. Raises `KeyError` when it is not in the table."""
    return COUNTRIES[code]


def danger_numbers() -> frozenset[str]:
    """Return the numbers of every country here that are dialled in danger or for the police, in digits alone."""
    found = (one for each in COUNTRIES.values() for one in (each.emergency, each.rescue, each.police))
    digits = (one.replace("-", "").replace(" ", "") for one in found)
    return frozenset(one for one in digits if one.isdigit())


def facts(country: Country) -> Mapping[str, str]:
    """Return what every text may name without being told: {emergency}, {police}, {tip_line} and so on."""
    return {
        "emergency": country.emergency,
        "rescue": country.rescue,
        "police": country.police,
        "tip_line": country.tip_line,
        "outage_line": country.outage_line,
        "animal_line": country.animal_line,
    }
