"""The playground over HTTP: the page, its files, the stream of what changes, and what the page's buttons ask."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import secrets
from collections.abc import AsyncGenerator, Sequence
from importlib.resources import files
from io import BytesIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from buurtwacht_playground.board import Board, Viewer
from buurtwacht_playground.forms import (
    AdvanceForm,
    BlockForm,
    LocationForm,
    LookForm,
    PhotoForm,
    ReactForm,
    ReportForm,
    SayForm,
    StoryForm,
    SwitchForm,
    TapForm,
    VoiceForm,
    WindowForm,
)
from buurtwacht_playground.guard import PHOTO_BODY, Answer, guarded, read
from buurtwacht_playground.hands import Hands
from buurtwacht_playground.photo import sample_photo
from buurtwacht_playground.player import Patience, Player
from buurtwacht_playground.receipts import opened
from buurtwacht_playground.story import STEPS
from buurtwacht_playground.telephones import PICTURES, next_wall_time
from buurtwacht_playground.words import Mistake, chosen_language, page_words, script_words

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_PHOTO_BYTES = 5_000_000
#: Real seconds between two looks at the clock, and comments that keep an idle connection open every so many looks.
_TICK, _KEEP_ALIVE = 1.0, 15
#: After so many milliseconds a page tries again: a server that begins anew is there within a second.
_RETRY = b"retry: 300\n"


class Playground:
    """The endpoints of one board."""

    def __init__(self, board: Board, patience: Patience | None = None) -> None:
        self.board = board
        self.hands = Hands(board)
        self.player = Player(board, self.hands, patience)
        self.templates = Environment(
            loader=PackageLoader("buurtwacht_playground"), autoescape=True, undefined=StrictUndefined
        )

    async def page(self, request: Request) -> Response:
        """Show the page, in Dutch or with ?lang=en in English."""
        language = chosen_language(request.query_params.get("lang"))
        template = self.templates.get_template("playground.html")
        given = {
            "words": script_words(language),
            "language": language,
            "captions": [{"who": step.who, "caption": step.caption[language == "en"]} for step in STEPS],
        }
        return HTMLResponse(template.render(t=page_words(language), language=language, given=given))

    async def static(self, request: Request) -> Response:
        """Hand out one of the page's own files."""
        name = request.path_params["name"]
        file = next((file for file in files(__package__).joinpath("static").iterdir() if file.name == name), None)
        if file is None:
            return Response(status_code=404)
        return Response(file.read_bytes(), media_type=_TYPES[name.rpartition(".")[2]])

    async def file(self, request: Request) -> Response:
        """Hand out a file that stands on a telephone; only pictures are shown, the rest is downloaded."""
        ident, place = request.path_params["message"], request.path_params["place"]
        for telephone in self.board.telephones.values():
            bubble = telephone.bubbles.get(ident)
            if bubble is not None and place < len(bubble.files):
                parcel = bubble.files[place]
                shown = parcel.mime in PICTURES
                response = Response(parcel.content, media_type=parcel.mime if shown else "application/octet-stream")
                if not shown:
                    response.headers["Content-Disposition"] = "attachment"
                return response
        return Response(status_code=404)

    async def events(self, request: Request) -> Response:
        """Stream what changes, as server-sent events, beginning with everything there is."""
        ident = request.query_params.get("viewer", "")[:80] or secrets.token_hex(8)
        return StreamingResponse(stream(self.board, ident), media_type="text/event-stream")

    async def say(self, request: Request) -> Response:
        """Let somebody type."""
        form = await read(request, SayForm)
        await self.hands.say(
            self.hands.telephone(form.telephone),
            form.text,
            key=form.key,
            reply_to=form.reply_to,
            forwarded=form.forwarded,
        )
        return _done()

    async def tap(self, request: Request) -> Response:
        """Let somebody choose an answer."""
        form = await read(request, TapForm)
        await self.hands.tap(self.hands.telephone(form.telephone), form.message, form.option, key=form.key)
        return _done()

    async def react(self, request: Request) -> Response:
        """Let somebody put an emoji on a message, or take it away."""
        form = await read(request, ReactForm)
        await self.hands.react(self.hands.telephone(form.telephone), form.message, form.emoji, key=form.key)
        return _done()

    async def photo(self, request: Request) -> Response:
        """Let somebody send a photo: the one given, or the sample."""
        form = await read(request, PhotoForm, PHOTO_BODY)
        telephone = self.hands.telephone(form.telephone)
        content, mime = (sample_photo(), "image/jpeg") if form.content is None else (_photo(form.content), form.mime)
        await self.hands.photo(telephone, content, mime, form.caption, key=form.key)
        return _done()

    async def location(self, request: Request) -> Response:
        """Let somebody share where he is."""
        form = await read(request, LocationForm)
        telephone = self.hands.telephone(form.telephone)
        await self.hands.location(telephone, form.latitude, form.longitude, key=form.key)
        return _done()

    async def voice(self, request: Request) -> Response:
        """Let somebody send a few spoken words."""
        form = await read(request, VoiceForm)
        await self.hands.voice(self.hands.telephone(form.telephone), key=form.key)
        return _done()

    async def report(self, request: Request) -> Response:
        """Let a telephone report what became of one of our messages."""
        form = await read(request, ReportForm)
        await self.hands.report(self.hands.telephone(form.telephone), form.message, form.state, key=form.key)
        return _done()

    async def window(self, request: Request) -> Response:
        """Open or close a WhatsApp window."""
        form = await read(request, WindowForm)
        self.hands.window(self.hands.telephone(form.telephone), opened=form.open)
        return _done()

    async def block(self, request: Request) -> Response:
        """Let somebody block us, or allow us again."""
        form = await read(request, BlockForm)
        await self.hands.block(self.hands.telephone(form.telephone), blocked=form.blocked, key=form.key)
        return _done()

    async def switch(self, request: Request) -> Response:
        """Switch a telephone on or off."""
        form = await read(request, SwitchForm)
        self.hands.switch(self.hands.telephone(form.telephone), on=form.on)
        return _done()

    async def advance(self, request: Request) -> Response:
        """Move the clock forward."""
        form = await read(request, AdvanceForm)
        if form.seconds is not None and form.to is None:
            seconds: float = form.seconds
        elif form.to is not None and form.seconds is None:
            hour, minute = (int(part) for part in form.to.split(":"))
            seconds = next_wall_time(self.board.bench.now(), hour, minute).total_seconds()
        else:
            raise Mistake(422, "clock_how")
        await self.board.advance(seconds)
        return JSONResponse(self.board.clock())

    async def story(self, request: Request) -> Response:
        """Play one step of the first story and answer when what it leads to is on the screens."""
        form = await read(request, StoryForm)
        return JSONResponse({"played": await self.player.play(form.step), "last": form.step == len(STEPS) - 1})

    async def look(self, request: Request) -> Response:
        """Take note of which telephones a page has on its screen; what arrives there is read."""
        form = await read(request, LookForm)
        viewer = self.board.viewers.get(form.viewer)
        if viewer is None:
            raise Mistake(404, "no_viewer")
        appeared = frozenset(form.telephones) - viewer.looks_at
        viewer.looks_at = frozenset(form.telephones)
        for ident in sorted(appeared):
            await opened(self.board, self.hands.telephone(ident))
        return _done()


async def stream(board: Board, ident: str) -> AsyncGenerator[bytes, None]:
    """Yield everything there is and then each change, until the page goes away or the last account closes."""
    viewer = board.viewers[ident] = Viewer()
    clock = board.clock()
    quiet = 0
    try:
        if board.ended:
            yield _RETRY + b"\n"
            return
        yield _RETRY + _event("state", board.picture())
        while True:
            try:
                notice = await asyncio.wait_for(viewer.notices.get(), _TICK)
            except TimeoutError:
                quiet += 1
                if quiet % _KEEP_ALIVE == 0:
                    yield b": still here\n\n"
            else:
                if notice is None:
                    return
                yield _event(*notice)
            if board.clock() != clock:
                clock = board.clock()
                yield _event("clock", clock)
    finally:
        if board.viewers.get(ident) is viewer:
            del board.viewers[ident]


def routes(board: Board, patience: Patience | None = None) -> Sequence[Route]:
    """Return the routes of this board's playground."""
    ground = Playground(board, patience)
    acts: dict[str, Answer] = {
        "say": ground.say,
        "tap": ground.tap,
        "react": ground.react,
        "photo": ground.photo,
        "location": ground.location,
        "voice": ground.voice,
        "report": ground.report,
        "window": ground.window,
        "block": ground.block,
        "switch": ground.switch,
        "advance": ground.advance,
        "story": ground.story,
        "look": ground.look,
    }
    return (
        Route("/playground", guarded(ground.page)),
        Route("/playground/static/{name}", guarded(ground.static)),
        Route("/playground/file/{message}/{place:int}", guarded(ground.file)),
        Route("/playground/events", guarded(ground.events)),
        *(Route(f"/playground/{word}", guarded(act), methods=["POST"]) for word, act in acts.items()),
    )


def _done() -> Response:
    return JSONResponse({"done": True})


def _event(name: str, content: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _photo(encoded: str) -> bytes:
    try:
        content = base64.b64decode(encoded, validate=True)
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
            picture.verify()
    except (binascii.Error, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Mistake(422, "bad_photo") from error
    if len(content) > _PHOTO_BYTES:
        raise Mistake(413, "too_large")
    return content
