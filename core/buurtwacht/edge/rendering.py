"""Deliveries put into words: for each reader, and within what his messenger can show.

What is the same for many readers is made once; what this module gives is ready to be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from buurtwacht.edge.splitting import length, split_marked
from buurtwacht.records.claims import Claimed
from buurtwacht.records.digests import DIGEST, Part
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.vocabulary.channels import Capabilities, Layout, Option, Outgoing, Parcel, TemplateUse
from buurtwacht.vocabulary.choices import choice_id
from buurtwacht.vocabulary.errors import Needless, WindowClosed
from buurtwacht.vocabulary.messages import Message, Reader, Severity, Text
from buurtwacht.vocabulary.texts import CORE, LANGUAGES, Catalogues, MissingText, language_of

_log = structlog.get_logger(__name__)

#: How many kinds of message are kept ready; a broadcast has a handful.
_KEPT = 256
#: A parameter of a template is not cut into parts shorter than this, with their numbers: there would be no end of them.
_LEAST_PART = 128
_MAP = "https://www.openstreetmap.org/?mlat={0.latitude:.6f}&mlon={0.longitude:.6f}#map=18"


@dataclass(frozen=True, slots=True)
class Kind:
    """All that two deliveries must have in common to read the same."""

    shows: int
    severity: Severity
    language: str
    formal: bool
    neighbourhood_id: int | None
    is_group: bool
    closed: bool
    updates: bool
    edits: bool
    repeat: bool
    names: tuple[tuple[int, str], ...]
    #: of a digest: what each part shows, and of which neighbourhood it is
    parts: tuple[tuple[int, int | None], ...] = ()
    numbers: tuple[tuple[int, str], ...] = ()


def template_name(prefix: str, key: str) -> str:
    """Return the name of a text's template: <prefix>_<text key>, dots being no letters of such a name."""
    return f"{prefix}_{key.replace('.', '_')}"


class Renderer:
    """Puts the deliveries of one account into words.

    `defaults` holds the installation's language, time zone and country. `templates` are the (domain, key) of the texts
    that have an approved template, `prefix` begins their names. `load` returns the bytes of a stored file and raises
    `LookupError` when they are gone.
    """

    def __init__(
        self,
        catalogues: Catalogues,
        capabilities: Capabilities,
        neighbourhoods: Neighbourhoods,
        *,
        defaults: Reader,
        load: Callable[[int], bytes],
        templates: Collection[tuple[str, str]] = (),
        prefix: str = "",
    ) -> None:
        self._catalogues = catalogues
        self._can = capabilities
        self._neighbourhoods = neighbourhoods
        self._defaults = defaults
        self._load = load
        self._templates = frozenset(templates)
        self._prefix = prefix
        #: by kind: whether it is an edit, and what is sent
        self._ready: dict[Kind, tuple[bool, tuple[Outgoing, ...]]] = {}
        #: by kind of digest: the places of the parts that go in one message
        self._fitting: dict[Kind, tuple[int, ...]] = {}

    def render(self, claimed: Claimed, now: datetime, *, closed: bool | None = None) -> tuple[Outgoing, ...]:
        """Return what is to be sent, in order; more than one when the text is too long for one message.

        `closed` says that the provider wants a template now; left out, it follows from when the person last wrote.
        Raises `WindowClosed` when only a template may go and there is none, `MissingText` for a text without words.
        """
        kind = self._kind(claimed, self._is_closed(claimed, now) if closed is None else closed)
        ready = self._ready.get(kind)
        if ready is None:
            if len(self._ready) >= _KEPT:
                self._ready.clear()
            content = self._digest(kind, claimed.parts) if claimed.parts else claimed.content
            ready = self._ready[kind] = self._compose(kind, content)
        edits, outgoings = ready
        edit_of = claimed.edit_of if edits else None
        return tuple(
            replace(
                one,
                delivery=claimed.id,
                to=claimed.handles,
                reply_to=None if place or edit_of else claimed.reply_to,
                edit_of=edit_of,
                thread=claimed.thread,
                part=place,
            )
            for place, one in enumerate(outgoings)
        )

    def forget(self) -> None:
        """Keep nothing ready any more: there is nothing to send, and what people wrote is not kept without need."""
        self._ready.clear()
        self._fitting.clear()

    # --- for whom --------------------------------------------------------------------------------------------------

    def _is_closed(self, claimed: Claimed, now: datetime) -> bool:
        window = self._can.window
        return window is not None and (claimed.last_heard_at is None or now - claimed.last_heard_at >= window)

    def _kind(self, claimed: Claimed, closed: bool) -> Kind:
        return Kind(
            shows=claimed.shows,
            severity=claimed.severity,
            language=claimed.language,
            formal=claimed.formal,
            neighbourhood_id=claimed.neighbourhood_id,
            is_group=claimed.is_group,
            closed=closed,
            updates=claimed.is_update,
            edits=claimed.is_update and claimed.edit_of is not None and self._can.edit,
            repeat=claimed.repeat,
            names=tuple(sorted(claimed.names.items())),
            parts=tuple((part.shows, part.neighbourhood_id) for part in claimed.parts),
            numbers=tuple(sorted(claimed.numbers.items())),
        )

    def _reader(self, kind: Kind) -> Reader:
        language, timezone = self._defaults.language, self._defaults.timezone
        if kind.neighbourhood_id is not None:
            try:
                where = self._neighbourhoods.get(kind.neighbourhood_id)
                language, timezone = where.language, where.timezone
            except KeyError:
                _log.warning("a delivery names a neighbourhood that is gone", neighbourhood=kind.neighbourhood_id)
        language = language_of(kind.language or language)
        names, numbers = dict(kind.names), dict(kind.numbers)
        return Reader(language, kind.formal, timezone, self._defaults.country, names, numbers)

    # --- in words --------------------------------------------------------------------------------------------------

    def _compose(self, kind: Kind, content: Message) -> tuple[bool, tuple[Outgoing, ...]]:
        reader = self._reader(kind)
        if kind.edits and not kind.closed:
            # An edit said twice reads the same, so it needs no mark; one message cannot become two.
            edit = self._letters(replace(kind, repeat=False), replace(content, attachments=()), reader)
            if len(edit) == 1:
                return True, edit
        if kind.updates and content.edit_only:
            raise Needless("only an edit")
        if kind.closed:
            return False, self._template(kind, content, reader)
        if kind.updates and content.brief is not None:
            content = Message(content.brief)
        elif kind.repeat and content.repeat is not None:
            kind, content = replace(kind, repeat=False), replace(content, text=content.repeat)
        return False, self._letters(kind, content, reader)

    def _letters(self, kind: Kind, content: Message, reader: Reader) -> tuple[Outgoing, ...]:
        options = self._options(kind, content, reader)
        layout = self._layout(kind, options)
        parcels, left_out = self._parcels(content)
        text = self._text(content, reader, left_out)
        if layout is Layout.LINES:
            numbered = (f"{number}. {one.label}" for number, one in enumerate(options, content.first_number))
            text = "\n\n".join(part for part in (text, "\n".join(numbered)) if part)
        if kind.repeat:
            text = self._core("message.repeat", reader, text=text)
        interactive = layout in (Layout.BUTTONS, Layout.LIST)
        parts = self._parts(text, min(self._can.interactive_text, self._can.text) if interactive else None, reader)
        silent = kind.severity is Severity.INFO
        first = [
            Outgoing(0, (), part, silent=silent, is_group=kind.is_group, language=reader.language)
            for part in parts[:-1]
        ]
        last = Outgoing(
            delivery=0,
            to=(),
            text=parts[-1],
            layout=layout,
            options=options,
            list_title=self._core("message.choose", reader) if layout is Layout.LIST else "",
            parcels=parcels,
            location=content.location if self._can.location else None,
            silent=silent,
            is_group=kind.is_group,
            language=reader.language,
        )
        return (*first, last)

    def _text(self, content: Message, reader: Reader, left_out: Collection[str]) -> str:
        lines = [self._catalogues.render(content.text, reader)]
        lines += [self._core("message.file_left_out", reader, name=name) for name in left_out]
        if content.location is not None and not self._can.location:
            lines.append(self._core("message.map", reader, link=_MAP.format(content.location)))
        return "\n".join(line for line in lines if line)

    def _parts(self, text: str, interactive: int | None, reader: Reader) -> list[str]:
        """Return the text in as few parts as the limits allow, each marked (1/2) when there are more than one."""
        last = interactive or self._can.text
        if length(text) <= last:
            return [text]

        def marked(part: str, number: int, total: int) -> str:
            return self._core("message.part", reader, text=part, number=number, total=total)

        return split_marked(text, self._can.text, last, marked)

    def _core(self, key: str, reader: Reader, **facts: str | int) -> str:
        return self._catalogues.render(Text(key, domain=CORE, **facts), reader)

    # --- digests ---------------------------------------------------------------------------------------------------

    def fitting(self, claimed: Claimed) -> tuple[Part, ...]:
        """Return the parts of a digest that go in one message, also as a template, the oldest first.

        What cannot be put into words is not among them: it goes, and fails, by itself.
        """
        kind = self._kind(claimed, closed=False)
        places = self._fitting.get(kind)
        if places is None:
            if len(self._fitting) >= _KEPT:
                self._fitting.clear()
            places = self._fitting[kind] = self._fit(kind, claimed.parts)
        return tuple(claimed.parts[place] for place in places)

    def _fit(self, kind: Kind, parts: Sequence[Part]) -> tuple[int, ...]:
        places = [place for place, part in enumerate(parts) if self._is_sayable(kind, part)]
        while places and not self._goes_in_one(kind, [parts[place] for place in places]):
            places.pop()
        return tuple(places)

    def _is_sayable(self, kind: Kind, part: Part) -> bool:
        try:
            return bool(self._catalogues.render(_line_of(part), self._reader(kind)))
        except MissingText:
            return False

    def _goes_in_one(self, kind: Kind, parts: Sequence[Part]) -> bool:
        content, reader = self._digest(kind, parts), self._reader(kind)
        if length(self._text(content, reader, ())) > self._can.text:
            return False
        if not self._can.templates or (CORE, content.text.key) not in self._templates:
            return True
        try:
            return len(self._template(kind, content, reader)) == 1
        except WindowClosed:
            return False

    def _digest(self, kind: Kind, parts: Sequence[Part]) -> Message:
        """Return what a digest says: where it is from, and each part; of which neighbourhood, when of several."""
        reader = self._reader(kind)
        names = {part.neighbourhood_id: self._place(part.neighbourhood_id) for part in parts}
        lines: list[str] = []
        for part in parts:
            own = replace(reader, timezone=self._reader(replace(kind, neighbourhood_id=part.neighbourhood_id)).timezone)
            said = self._catalogues.render(_line_of(part), own)
            where = names[part.neighbourhood_id]
            if len(names) > 1 and where:
                said = self._core("message.digest_part_of", reader, where=where, text=said)
            else:
                said = self._core("message.digest_part", reader, text=said)
            lines.append(said)
        # Blocks of several lines stand apart.
        said = "".join(f"\n{line}\n" for line in lines) if any("\n" in line for line in lines) else "\n".join(lines)
        where = ", ".join(dict.fromkeys(name for name in names.values() if name))
        return Message(Text(DIGEST.text.key, domain=CORE, where=where, parts=said))

    def _place(self, neighbourhood_id: int | None) -> str:
        try:
            return self._neighbourhoods.get(neighbourhood_id).name if neighbourhood_id is not None else ""
        except KeyError:
            return ""

    # --- choices and files -----------------------------------------------------------------------------------------

    def _options(self, kind: Kind, content: Message, reader: Reader) -> tuple[Option, ...]:
        return tuple(
            Option(choice_id(kind.shows, index), self._catalogues.render(choice.label, reader, one_line=True))
            for index, choice in enumerate(content.choices)
        )

    def _layout(self, kind: Kind, options: Collection[Option]) -> Layout:
        """Return how choices are shown: buttons where they fit, else a list, else numbered lines."""
        if not options:
            return Layout.NONE
        longest = max(length(one.label) for one in options)
        if kind.is_group and not self._can.groups:
            return Layout.LINES
        if len(options) <= self._can.buttons and longest <= self._can.button_title:
            return Layout.BUTTONS
        if len(options) <= self._can.list_rows and longest <= self._can.list_row_title:
            return Layout.LIST
        return Layout.LINES

    def _parcels(self, content: Message) -> tuple[tuple[Parcel, ...], list[str]]:
        """Return the files that this messenger carries, and the names of those that it does not."""
        parcels: list[Parcel] = []
        left_out: list[str] = []
        for one in content.attachments:
            if not (self._can.photos if one.kind == "photo" else self._can.documents):
                left_out.append(one.name)
                continue
            try:
                parcels.append(Parcel(one.name, one.mime, self._load(one.media), one.kind))
            except LookupError:
                _log.warning("a file is gone before it was sent", media=one.media)
        return tuple(parcels), left_out

    # --- templates -------------------------------------------------------------------------------------------------

    def _template(self, kind: Kind, content: Message, reader: Reader) -> tuple[Outgoing, ...]:
        brief = content.brief if kind.updates else None
        text = next((one for one in (brief, content.text) if one and (one.domain, one.key) in self._templates), None)
        if text is None or not self._can.templates:
            raise WindowClosed("no template for this text")
        spoken = (one for one in (reader.language, *LANGUAGES) if self._catalogues.has(text.domain, text.key, one))
        language = next(spoken, reader.language)
        reader = replace(reader, language=language, formal=False)
        body, names = self._catalogues.template_body(text.domain, text.key, language, reader.country)
        values = self._catalogues.parameters(text, reader, names)
        if kind.repeat and values:
            # Its own sentence is fixed: only a parameter can say that this is a repeat.
            values = (self._core("message.repeat", reader, text=values[0]), *values[1:])
        options = self._options(kind, content, reader) if text is content.text else ()
        # The labels of a template are fixed: what differs each time (a name, a day) can only be typed.
        differs = any(one.label.facts for one in content.choices)
        too_many = len(options) > max(self._can.buttons, self._can.list_rows)
        if differs or too_many or not self._catalogues.labels(text, language, len(options)):
            options = ()
        return tuple(
            Outgoing(
                delivery=0,
                to=(),
                text=_filled(body, part),
                layout=Layout.BUTTONS if options else Layout.NONE,
                options=options,
                template=TemplateUse(template_name(self._prefix, text.key), language, part),
                silent=kind.severity is Severity.INFO,
                is_group=kind.is_group,
                language=language,
            )
            for part in self._template_parts(body, values, reader)
        )

    def _template_parts(self, body: str, values: tuple[str, ...], reader: Reader) -> list[tuple[str, ...]]:
        """Return the parameters of each message: the longest of them goes in parts where one cannot hold it all.

        Cloud API: the whole body is at most 1024 characters, like the text beside choices.
        """
        limit = self._can.interactive_text
        if length(_filled(body, values)) <= limit:
            return [values]
        longest = max(range(len(values)), key=lambda place: length(values[place]), default=0)
        fixed = length(_filled(body, [*values[:longest], "", *values[longest + 1 :]]))
        room = limit - fixed
        if room < _LEAST_PART or body.count(f"{{{{{longest + 1}}}}}") > 1:
            raise WindowClosed("too long for a template")
        pieces = split_marked(values[longest], room, room, _numbered)
        return [(*values[:longest], piece, *values[longest + 1 :]) for piece in pieces]


def _line_of(part: Part) -> Text:
    return part.content.digest or part.content.text


def _filled(body: str, values: Sequence[str]) -> str:
    """Return the body of a template as it will read. Values are put in once: what they hold is not looked at again."""
    pieces = body.split("{{")
    said = [pieces[0]]
    for piece in pieces[1:]:
        number, _, rest = piece.partition("}}")
        said += [values[int(number) - 1], rest]
    return "".join(said)


def _numbered(part: str, number: int, total: int) -> str:
    """Mark a part of a parameter, which is one line (Cloud API)."""
    return f"{part} ({number}/{total})"
