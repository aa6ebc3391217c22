"""A browser for the tests: Debian's chromium, driven through chromedriver with the W3C WebDriver protocol and httpx."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
import pytest

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver: the key under which an element's reference travels
_PATIENCE = 60.0

#: Keys beyond the alphabet, as WebDriver names them.
ENTER, ESCAPE, TAB = "\ue007", "\ue00c", "\ue004"


#: For tests that need a browser. Where everything must hold (CI=true) nothing is skipped: what is missing fails.
needs_browser = pytest.mark.skipif(
    os.environ.get("CI") != "true" and not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="needs Debian's chromium and chromium-driver",
)


class Element:
    """Something on the page."""

    def __init__(self, browser: Browser, ident: str) -> None:
        self.browser = browser
        self.ident = ident

    def click(self) -> None:
        self.browser.call("POST", f"/element/{self.ident}/click", {})

    def type(self, keys: str) -> None:
        self.browser.call("POST", f"/element/{self.ident}/value", {"text": keys})

    @property
    def text(self) -> str:
        return str(self.browser.call("GET", f"/element/{self.ident}/text"))


class Browser:
    """One headless window. A context manager: leaving it ends the browser and its driver."""

    def __init__(self, width: int = 1440, height: int = 900, *, dark: bool = False) -> None:
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self._port()}", timeout=60, trust_env=False)
        arguments = ["--headless=new", f"--window-size={width},{height}", "--hide-scrollbars", "--disable-gpu"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium refuses to run its sandbox as root, as in a container
        if dark:
            arguments.append("--force-dark-mode")
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        answer = self._http.post("/session", json={"capabilities": {"alwaysMatch": capabilities}}).json()
        self._session = f"/session/{answer['value']['sessionId']}"
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 720
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.delete(self._session)
        self._http.close()
        self._driver.terminate()
        self._driver.communicate()

    def call(self, method: str, path: str, body: dict[str, object] | None = None) -> object:
        """Do one WebDriver command and return its value. Raises `AssertionError` with what the driver says."""
        answer = self._http.request(method, self._session + path, json=body)
        value: object = answer.json()["value"]
        assert answer.is_success, value
        return value

    def devtools(self, command: str, **parameters: object) -> object:
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address: str) -> None:
        self.call("POST", "/url", {"url": address})

    def run(self, script: str) -> object:
        """Run a script in the page and return what it returns."""
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def find(self, selector: str) -> Element:
        """Return the first element that matches, waiting until there is one that can be seen."""
        self.until(f"return !!document.querySelector({selector!r})?.checkVisibility()", f"{selector} does not appear")
        value = self.call("POST", "/element", {"using": "css selector", "value": selector})
        assert isinstance(value, dict)
        return Element(self, str(value[_ELEMENT]))

    def focused(self) -> Element:
        """Return the element that the keyboard is on."""
        value = self.call("GET", "/element/active")
        assert isinstance(value, dict)
        return Element(self, str(value[_ELEMENT]))

    def until(
        self, script: str, otherwise: str, *, holds: Callable[[object], bool] = bool, seconds: float = _PATIENCE
    ) -> object:
        """Return what the script returns as soon as it holds. Raises `AssertionError` after so many real seconds."""
        deadline = time.monotonic() + seconds
        while not holds(value := self.run(script)):
            assert time.monotonic() < deadline, otherwise
        return value

    def screenshot(self) -> bytes:
        """Return what is on the screen, as PNG."""
        return base64.b64decode(str(self.call("GET", "/screenshot")))

    def complaints(self) -> list[str]:
        """Return what the console was told since the last look: errors, refusals by the content policy."""
        entries = self.call("POST", "/se/log", {"type": "browser"})
        assert isinstance(entries, list)
        return [str(entry["message"]) for entry in entries if entry["level"] == "SEVERE"]

    def _port(self) -> str:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                return line.rstrip().rstrip(".").rpartition(" ")[2]
        raise AssertionError("chromedriver did not start")
