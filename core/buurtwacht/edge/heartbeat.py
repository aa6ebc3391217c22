"""The heartbeat: whoever watches from outside hears of us after each audit in which all was well, and else nothing.

A dead man's switch: it alarms when we fall silent, whether we are ill, stopped or cut off.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

import structlog

from buurtwacht.edge.receiving import RunInThread
from buurtwacht.host.core import Core
from buurtwacht.records import selfaudit
from buurtwacht.records.findings import Change

#: Seconds within which it must be answered.
_PATIENCE = 10.0

log = structlog.get_logger("buurtwacht.heartbeat")


class _Straight(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: the address that settings checked is the one that is called, and a page is no watchdog."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing: the answer counts as it came."""


_opener = urllib.request.build_opener(_Straight)


class Heartbeat:
    """Calls one address. The address is a secret: whoever knows it could keep the alarm silent, so no log has it."""

    def __init__(self, core: Core, run_in_thread: RunInThread, url: str) -> None:
        self._core = core
        self._run = run_in_thread
        self._url = url
        #: whether the last call failed: that is said once
        self._failed = False

    async def after(self, audit: Change | None) -> bool:
        """Beat, when this process has audited and nothing matters that was found; return whether it did."""
        if not self._url or audit is None or not await self._run(self._is_well, audit):
            return False
        reason: str = await self._run(self._call)
        if reason and not self._failed:
            log.warning("heartbeat failed", reason=reason)
        elif self._failed and not reason:
            log.info("heartbeat again")
        self._failed = bool(reason)
        return not reason

    def _is_well(self, audit: Change) -> bool:
        """Whether there is nothing that somebody should look at: findings, accounts, plugins."""
        accounts = selfaudit.account_states(self._core.database, self._core.accounts)
        return not audit.open and not self._core.health.paused() and all(one.state == "ok" for one in accounts.values())

    def _call(self) -> str:
        """Return why it did not get through; nothing when it did."""
        request = urllib.request.Request(self._url, headers={"user-agent": "buurtwacht"})  # settings say https
        try:
            with _opener.open(request, timeout=_PATIENCE) as answer:
                answer.read(1)
        except urllib.error.HTTPError as error:
            return f"answered {error.code}"
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        return ""
