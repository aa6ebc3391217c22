"""The page behind a mail's link. Opening it does nothing, as scanners of mail open every link: only a tap does."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from buurtwacht import Accept, Handle, Inbound, Said, StoreUnavailable, Tapped
from buurtwacht_email.letters import clean, templates
from buurtwacht_email.links import Links, Mail
from buurtwacht_email.words import LANGUAGES, Words

#: Characters of an answer in words, as on the messengers; and bytes of a whole request.
LONGEST = 4000
_LARGEST = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
    "; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tap on the page says: an event to be kept, and what is shown of it."""

    inbound: Inbound
    choice: str = ""


class Unfit(Exception):
    """An answer that is none; `key` is the sentence that says so."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


class AnswerPage:
    """Shows a mail's choices and takes the answer."""

    def __init__(self, account: str, links: Links, accept: Accept, now: Callable[[], datetime]) -> None:
        self._account = account
        self._links = links
        self._accept = accept
        self._now = now

    def routes(self) -> Sequence[Route]:
        """Return the page, and the page with one choice brought forward."""
        path = f"/webhooks/{self._account}/{{token}}"
        return [
            Route(path, self._answer, methods=["GET", "POST"]),
            Route(f"{path}/{{place}}", self._answer, methods=["GET", "POST"]),
        ]

    async def _answer(self, request: Request) -> Response:
        mail = self._links.open(request.path_params["token"], self._now())
        words = _words(request, mail)
        if mail is None:
            return _shown("note.html", words, 404, key="page.over")
        place = request.path_params.get("place", "")
        if request.method != "POST":
            return self._form(mail, words, place)
        if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
            return _shown("note.html", words, 415, key="page.over")
        try:
            answer = self._read(mail, await _fields(request))
        except Unfit as unfit:
            return self._form(mail, words, place, wrong=unfit.key)
        except ClientDisconnect:
            return Response(status_code=400)
        try:
            await self._accept([answer.inbound])
        except StoreUnavailable:
            return _shown("note.html", words, 503, key="page.busy")
        return _shown("thanks.html", words, 200, choice=answer.choice)

    def _form(self, mail: Mail, words: Words, place: str, wrong: str = "") -> Response:
        chosen = next((index for index in range(len(mail.options)) if place == str(index)), -1)
        return _shown(
            "page.html",
            words,
            400 if wrong else 200,
            mail=mail,
            mailbox=_masked(mail.recipient),
            chosen=chosen,
            wrong=wrong,
            longest=LONGEST,
            # The same form sent twice is one answer; the same words or choice on a page opened anew are two.
            once=secrets.token_urlsafe(12),
        )

    def _read(self, mail: Mail, fields: Mapping[str, str]) -> Answer:
        """Return what was answered. Raises `Unfit` for nothing, too much, or a choice that is none of this mail."""
        sender = (Handle("email", mail.recipient),)
        choice = fields.get("choice", "")
        if choice:
            option = next((one for place, one in enumerate(mail.options) if choice == str(place)), None)
            if option is None:
                raise Unfit("page.empty")
            what = f"{mail.name} {option.id} {fields.get('once', '')}"
            tapped = Tapped(option.id, mail.name or None, self._links.said_id(what))
            return Answer(Inbound(_key(what), tapped, self._now(), sender, language=mail.language), option.label)
        text = clean(fields.get("words", "")).strip()
        if not text:
            raise Unfit("page.empty")
        if len(text) > LONGEST:
            raise Unfit("page.too_long")
        about = mail.name if mail.name and not fields.get("other") else None
        what = f"{mail.name} {mail.recipient} {fields.get('once', '')} {text}"
        said = Said(self._links.said_id(what), text, reply_to=about)
        return Answer(Inbound(_key(what), said, self._now(), sender, language=mail.language))


def _key(what: str) -> str:
    """Return under which name an answer is known, so that the same one counts once; nothing can be read in it."""
    return hashlib.sha256(what.encode()).hexdigest()[:40]


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of the form. Raises `Unfit` for one that is too large, or is no form."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise Unfit("page.too_long")
    try:
        found = parse_qs(body.decode(), max_num_fields=8, errors="replace")
    except ValueError:
        raise Unfit("page.empty") from None
    return {key: values[-1] for key, values in found.items()}


def _words(request: Request, mail: Mail | None) -> Words:
    """Return the language that was asked for, else that of the mail, else that of the visitor's program."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return Words(asked)
    return Words(mail.language if mail is not None else request.headers.get("accept-language", "")[:2])


def _masked(mailbox: str) -> str:
    """Return a mailbox so that its owner knows it, and who was sent the link by him learns no more than that."""
    name, _, host = mailbox.partition("@")
    return f"{name[:1]}***@{host}"


def _shown(template: str, words: Words, status: int, **facts: object) -> HTMLResponse:
    other = next(one for one in LANGUAGES if one != words.language)
    html = templates.get_template(template).render(words=words, other=other, **facts)
    return HTMLResponse(html, status_code=status, headers=_HEADERS)
