"""The first story, step by step: who does what, what he reads above it, and what must be seen before it goes on.

Labels and sentences are looked for as patterns, in both languages, so that a changed word does not stop the story.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """Something on somebody's screen since the story began: a text, or a button when `button` is set."""

    who: str
    pattern: str
    button: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Types a sentence; `{id}` becomes the short id of the alert that this telling is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """Taps the newest answer whose label matches, as soon as there is one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Lets time pass: so many seconds, or until the wall shows `to`: at the first telling unless it just did."""

    seconds: int = 0
    to: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `caption` in Dutch and English stands above it, `until` is waited for afterwards.

    `optional`: when the answer to tap does not appear, or `until` does not come true, the story goes on.
    """

    who: str
    does: Say | Tap | Clock | None
    caption: tuple[str, str]
    until: tuple[Sight, ...] = ()
    optional: bool = False


#: A short id, as people read and type it.
SHORT_ID = r"\b[A-Z]{2,4}-\d{4}\b"
#: Whose screen names the alert first: who reports it is told its id.
REPORTER = "Fatima"
_YES = r"(?i)^(ja|yes)$"
_END = r"(?is)✅.*(aanhouding|arrest)"

STEPS: tuple[Step, ...] = (
    Step(
        "Fatima",
        Clock(to="01:42"),
        (
            "Tolberg, Roosendaal, 01:42. Fatima kan niet slapen en ziet een auto stapvoets langs de geparkeerde "
            "auto’s rijden, met de lichten uit.",
            "Tolberg, Roosendaal, 01:42. Fatima cannot sleep and sees a car crawling past the parked cars, with its "
            "lights off.",
        ),
    ),
    Step(
        "Fatima",
        Say("verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit, 4 man erin"),
        (
            "Zij typt één zin aan Buurtwacht, op Telegram. Geen formulier.",
            "She types one sentence to Buurtwacht, on Telegram. No form.",
        ),
        (Sight("Fatima", r"(?i)ja.*door mij|yes.*by me", button=True),),
    ),
    Step(
        "Fatima",
        Tap(r"(?i)ja.*door mij|yes.*by me"),
        (
            "Buurtwacht belt nooit zelf 112. Fatima heeft gebeld, en zegt dat met één tik.",
            "Buurtwacht never calls 112 itself. Fatima did, and says so with one tap.",
        ),
        tuple(Sight(who, r"(?i)meidoornstraat") for who in ("Henk", "Riet", "Kees")),
    ),
    Step(
        "Henk",
        Tap(r"(?i)let op|watch"),
        (
            "Binnen een tel weet de straat het, ieder op zijn eigen messenger. Henk kijkt uit het raam: ‘Ik let op’.",
            "Within a second the street knows, each on their own messenger. Henk looks out of the window: ‘On watch’.",
        ),
        (Sight("Henk", r"(?i)^(genoteerd|noted)"),),
        optional=True,
    ),
    Step(
        "Riet",
        Say("3 richting Esdoornlaan"),
        (
            "Riet ziet waar de auto nu is. Zij antwoordt met het cijfer dat onder de melding staat.",
            "Riet sees where the car is now. She answers with the number printed under the alert.",
        ),
        (Sight("Kees", r"(?i)esdoornlaan"),),
    ),
    Step(
        "Kees",
        Tap(r"(?i)doorgeven|doorsturen|doorzetten|delen|deel |pass .*on|share|forward"),
        (
            "Kees is coördinator. Hij leest het als eerste en geeft het met één tik door aan de buurt.",
            "Kees is the co-ordinator. He reads it first, and passes it on to the neighbourhood with one tap.",
        ),
        tuple(Sight(who, r"(?i)esdoornlaan") for who in ("Henk", "Fatima")),
    ),
    Step(
        "Noor",
        Tap(r"(?i)doorzetten|doorgeven|relay|pass .*on|^ja\b|^yes\b"),
        (
            "De Esdoornlaan grenst aan de volgende wijk. Noor, vertegenwoordiger daar, waarschuwt haar buren.",
            "Esdoornlaan borders on the next neighbourhood. Noor, who represents it, warns her neighbours.",
        ),
        (Sight("Joost", r"(?i)meidoornstraat"),),
    ),
    Step(
        "Kees",
        Clock(seconds=25 * 60),
        (
            "Vijfentwintig minuten later. De politie, door Fatima gebeld, heeft de auto aangehouden.",
            "Twenty-five minutes later. The police, called by Fatima, have stopped the car.",
        ),
    ),
    Step(
        "Kees",
        Say("einde {id} vier aanhoudingen door de politie"),
        (
            "Kees sluit de melding. Omdat hij namens de politie spreekt, vraagt Buurtwacht eerst naar de bron.",
            "Kees closes the alert. As he speaks for the police, Buurtwacht first asks for the source.",
        ),
        (Sight("Kees", _YES, button=True),),
    ),
    Step(
        "Kees",
        Tap(_YES),
        (
            "Ja, dit komt van de politie. Nu pas gaat het bericht de deur uit.",
            "Yes, this comes from the police. Only now does the message leave.",
        ),
        tuple(Sight(who, _END) for who in ("Fatima", "Henk", "Riet", "Kees")),
    ),
    Step(
        "Joost",
        None,
        (
            "Precies wie gealarmeerd was, hoort hoe het afliep, ook in de wijk ernaast. Niemand zag een nummer; "
            "de buren weten niet wie het meldde.",
            "Exactly those who were alarmed hear how it ended, also next door. Nobody saw a number, and the "
            "neighbours do not know who reported it.",
        ),
        tuple(Sight(who, _END) for who in ("Noor", "Joost")),
    ),
)
