"""What members say back: answered with where to ask, and passed to nobody unless the sender asked for it (R48)."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

from buurtwacht import Context, Guess, Hearing, Person, PersonId, Rank, Text, fold
from buurtwacht_announcements import passing, votes
from buurtwacht_announcements.asking import thread_of
from buurtwacht_announcements.deciding_words import read_wish
from buurtwacht_announcements.records import Announcement, Replies, get, newest
from buurtwacht_announcements.senders import may_still
from buurtwacht_announcements.wording import where_to_ask

#: So long after an announcement a question that quotes nothing may be about it.
_LATELY = timedelta(hours=24)
#: A poll is answered by words as long as somebody may be looking at it.
_LONGEST = timedelta(days=90)
_ASKS = re.compile(
    r"(?:wie|wat|waar|wanneer|waarom|hoe|hoelaat|welke|mag|moet|kan|geldt|who|what|where|when|why|how|which|may|must|can"
    r"|does|is)\b"
)


def recognise(hearing: Hearing) -> Guess | None:
    """Recognise a representative's wish, a vote, and what is said about an announcement somebody was shown."""
    ctx, text = hearing.ctx, hearing.text
    about = hearing.about.record if hearing.about is not None and hearing.about.plugin == "announcements" else None
    if not text:
        return None
    if read_wish(text) is not None:
        wanted = passing.waiting(ctx, hearing.person, about=about)
        if wanted is not None:
            return Guess(partial(passing.typed, announcement=wanted, quoted=about is not None), 0.9)
    if about is not None:
        return Guess(partial(replied, about=about), 0.9)
    if len(fold(text)) <= 60 and (poll := _poll(ctx, hearing.person, text)) is not None:
        return Guess(partial(votes.typed, announcement=poll), 0.6)
    if _is_question(text) and (shown := _shown_lately(ctx, hearing.person)) is not None:
        return Guess(partial(wondered, about=shown), 0.3, Rank.REMARK)
    return None


def _poll(ctx: Context, person: Person, text: str) -> int | None:
    """Return the newest poll he was shown of which a text is an option, word for word."""
    table = Announcement.__table__.c
    polls = ctx.records.find(
        Announcement, table.valid_until > ctx.now, table.corrects.is_(None), replies=Replies.POLL, order=table.id.desc()
    )
    fitting = [one for one in polls if fold(text) in {fold(option) for option in one.options}]
    if not fitting:
        return None
    shown = set(ctx.shown(person, ctx.after(-_LONGEST)))
    return next((one.id for one in fitting if one.id in shown), None)


def _is_question(text: str) -> bool:
    return text.rstrip().endswith("?") or _ASKS.match(fold(text)) is not None


def _shown_lately(ctx: Context, person: Person) -> int | None:
    return next(iter(ctx.shown(person, ctx.after(-_LATELY))), None)


# --- what is answered ----------------------------------------------------------------------------------------------


def replied(ctx: Context, text: str, about: int) -> None:
    """Answer what quotes an announcement: a vote, a word to the sender where he wants that, else where to ask."""
    root = get(ctx, about)
    if root.sender == ctx.person.id:
        ctx.reply(Text("reply.own", short=root.short))
        return
    option = votes.option_of(root, text)
    if option is not None:
        votes.keep(ctx, root, option)
        return
    latest = newest(ctx, root)
    if latest.replies is Replies.SENDER and root.sender is not None and may_still(ctx, root):
        place = ctx.here.name if ctx.neighbourhood is not None else root.municipality
        ctx.send(PersonId(root.sender), Text("reply.passed", short=root.short, place=place, text=text))
        ctx.note("announcement_reply", root.short)
        ctx.reply(Text("reply.sent", short=root.short))
        return
    ctx.reply(Text("reply.where", short=root.short, ask=_where(ctx, latest)), thread=thread_of(root))


def wondered(ctx: Context, text: str, about: int) -> None:
    """Answer a question that quotes nothing and may be about an announcement; it goes to nobody."""
    root = get(ctx, about)
    ctx.reply(Text("reply.perhaps", short=root.short, ask=_where(ctx, newest(ctx, root))))


def _where(ctx: Context, announcement: Announcement) -> Text:
    """Return where to ask; where the sender wanted the answers and has no such office any more, whoever came after."""
    if announcement.replies is not Replies.SENDER:
        return where_to_ask(ctx, announcement)
    if announcement.neighbourhood is not None:
        return Text("ask.coordinator")
    return Text("ask.municipality", municipality=announcement.municipality)
