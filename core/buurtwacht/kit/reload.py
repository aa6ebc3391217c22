"""Serving anew: files are looked at, and when one changed the process that serves ends and the next one begins.

Looking is done by asking for the state of each file five times a second: a plugin has a hundred files at most, and this
works on every disk, in containers and on shares too, without a library (docs/decisions/031).
"""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.context import ForkProcess
from multiprocessing.process import parent_process
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from buurtwacht.vocabulary.errors import Fault

#: What a plugin is made of.
SUFFIXES = frozenset({".py", ".po", ".toml", ".html"})
#: Seconds between two looks at the files.
EVERY = 0.2
#: Seconds that a process gets to end by itself.
PATIENCE = 5.0

#: When each file was written last, in nanoseconds, with its size and number: a file that takes its place has another.
Looks: TypeAlias = Mapping[Path, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a process could not go on: what is to be mended, and where the code stood."""

    faults: tuple[Fault, ...]
    stack: str = ""


class Stopped(Exception):
    """A process that serves found that it cannot, and why."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(str(trouble))


#: Serves on a socket, with a folder to keep things in, until SIGTERM; may raise `Stopped`.
Serve: TypeAlias = Callable[[socket.socket, Path], None]
#: Shows on the same socket what is wrong, until SIGTERM.
Show: TypeAlias = Callable[[socket.socket, Trouble], None]


def look(places: Iterable[Path]) -> Looks:
    """Return the state of these files, and of all that a plugin is made of in these folders."""
    found: dict[Path, tuple[int, int, int]] = {}
    for place in places:
        for file in _below(place) if place.is_dir() else (place,):
            try:
                state = file.stat()
            except OSError:
                continue  # it went while we looked, or is not there yet
            found[file] = state.st_mtime_ns, state.st_size, state.st_ino
    return found


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith((".", "__pycache__")) and not _is_venv(at, one)]
        yield from (Path(at, one) for one in names if Path(one).suffix in SUFFIXES and not one.startswith("."))


def _is_venv(at: str, name: str) -> bool:
    return Path(at, name, "pyvenv.cfg").is_file()


class Reloading:
    """Keeps something served on one socket: anew after each change, and with what is wrong while it cannot be.

    `places` returns the files and folders that are looked at; `say` writes a line to whoever started this.
    """

    def __init__(
        self, serve: Serve, show: Show, places: Callable[[], Iterable[Path]], say: Callable[[str], None]
    ) -> None:
        self._serve = serve
        self._show = show
        self._places = places
        self._say = say
        self._ending = False

    def run(self, listening: socket.socket) -> None:
        """Serve until SIGTERM or Ctrl-C; then nothing that was started is left."""
        before = {one: signal.signal(one, self._end) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            trouble: Trouble | None = None
            while not self._ending:
                seen = look(self._places())
                trouble = self._until_changed(listening, trouble, seen)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _until_changed(self, listening: socket.socket, trouble: Trouble | None, seen: Looks) -> Trouble | None:
        """Serve, or show what is wrong, until a file changes; return what is wrong, when it ended by itself."""
        with (
            tempfile.TemporaryDirectory(prefix="buurtwacht-demo-", ignore_cleanup_errors=True) as folder,
            self._process(listening, trouble, Path(folder)) as (process, told),
        ):
            gone = False
            while not self._ending:
                if connection.wait([] if gone else [process.sentinel], EVERY):
                    if trouble is None:
                        return self._why(process, told)
                    gone = True  # what is wrong was said already
                if (now := look(self._places())) != seen:
                    self._say(_changed(seen, self._settled(now)))
                    return None
        return None

    def _settled(self, now: Looks) -> Looks:
        """Return the state of the files once nobody writes any more: an editor saves several, one after the other."""
        while not self._ending:
            connection.wait([], EVERY / 2)
            again = look(self._places())
            if again == now:
                break
            now = again
        return now

    @contextmanager
    def _process(
        self, listening: socket.socket, trouble: Trouble | None, folder: Path
    ) -> Iterator[tuple[ForkProcess, connection.Connection]]:
        """Begin a process; at the end it is gone, in its own time or not."""
        context = get_context("fork")
        told, tell = context.Pipe(duplex=False)
        process = context.Process(target=self._in_process, args=(listening, trouble, folder, tell))
        process.start()
        tell.close()
        try:
            yield process, told
        finally:
            process.terminate()
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
            told.close()

    def _in_process(
        self, listening: socket.socket, trouble: Trouble | None, folder: Path, tell: connection.Connection
    ) -> None:
        # Ctrl-C reaches every process of a terminal; ours are told by the one that started them.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        try:
            if trouble is None:
                self._serve(listening, folder)
            else:
                self._show(listening, trouble)
        except Stopped as stopped:
            tell.send(stopped.trouble)

    def _why(self, process: ForkProcess, told: connection.Connection) -> Trouble:
        """Return why a process ended, and say it."""
        process.join()
        try:
            trouble: Trouble = told.recv()
        except EOFError:
            status = process.exitcode or 0
            how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
            trouble = Trouble((Fault("demo", how, "what it wrote on the terminal says more"),))
        for line in (trouble.stack.rstrip(), *map(str, trouble.faults), "waiting for the next change …"):
            if line:
                self._say(line)
        return trouble


def _changed(before: Looks, after: Looks) -> str:
    """Return in words what changed."""
    files = sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{Path(files[0].parent.name, files[0].name)}{more} changed: begins anew" if files else "begins anew"


def _end_with_parent() -> None:
    """End this process when the one that started it is gone without telling it: killed, or its terminal closed."""
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    connection.wait([], PATIENCE)
    os._exit(1)
