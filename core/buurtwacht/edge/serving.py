"""Serving: the web server under our pages and webhooks, and how it begins to listen."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

import uvicorn

from buurtwacht.vocabulary.errors import ConfigurationError
from buurtwacht.vocabulary.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette


async def begin(
    app: Starlette, settings: Settings, listening: socket.socket | None, *, last_pages: int
) -> uvicorn.Server:
    """Listen first: a provider that comes early is answered, and a port that is taken is told at once.

    `listening` is a socket that listens already; `last_pages` are the seconds that open pages have when it stops.
    Raises `ConfigurationError` when the port is taken.
    """
    web = settings.web
    config = uvicorn.Config(
        app,
        host=web.host,
        port=web.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",  # we have no sockets, and what opens one would log the path, which may hold a token
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=last_pages,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    loud = logging.getLogger("uvicorn.error")
    loud.disabled = True  # what it says of a port that is taken is said below, in one line with a mend
    try:
        await server.startup([listening] if listening is not None else None)
    except (OSError, SystemExit) as error:
        mend = "stop what listens there, or choose another web.port"
        raise ConfigurationError(
            [settings.fault("web.port", f"{web.host}:{web.port} cannot be listened on", mend)]
        ) from error
    finally:
        loud.disabled = False
    return server
