"""What a handler may not do: sleep, use a network or a clock, threads, processes, files, a database, print."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.graph import Use
from buurtwacht.kit.inspection.subject import Subject

_SLEEPING = ("time.sleep", "asyncio.sleep", "threading.Event", "builtins.input", "signal.pause", "select.select")
_CLOCKS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "arrow.now",
    "arrow.utcnow",
    "pendulum.now",
    "pendulum.today",
    "buurtwacht.SystemClock",
)
_NETWORK = (
    "socket",
    "ssl",
    "requests",
    "httpx",
    "urllib.request",
    "urllib3",
    "aiohttp",
    "http.client",
    "ftplib",
    "smtplib",
    "imaplib",
    "poplib",
    "xmlrpc",
    "websockets",
    "websocket",
    "paramiko",
    "boto3",
    "feedparser.parse",
    "telegram",
    "pywa",
    "twilio",
    "grpc",
    "redis",
    "paho",
    "asyncio.open_connection",
    "asyncio.start_server",
    "socketserver",
    "http.server",
)
_THREADS = (
    "threading",
    "_thread",
    "multiprocessing",
    "concurrent.futures",
    "asyncio.run",
    "asyncio.create_task",
    "asyncio.new_event_loop",
    "asyncio.get_event_loop",
    "asyncio.to_thread",
    "asyncio.run_coroutine_threadsafe",
    "sched",
    "apscheduler",
    "celery",
)
_PROCESSES = (
    "subprocess",
    "os.system",
    "os.popen",
    "os.fork",
    "os.execv",
    "os.execvp",
    "os.spawnv",
    "os.kill",
    "os._exit",
    "os.abort",
    "sys.exit",
    "builtins.exit",
    "builtins.quit",
    "pty",
)
_FILES = (
    "os.remove",
    "os.unlink",
    "os.mkdir",
    "os.makedirs",
    "os.rename",
    "os.replace",
    "os.rmdir",
    "shutil",
    "tempfile",
    "pickle.dump",
    "shelve",
    "dbm",
)
_DATABASES = ("sqlite3", "psycopg", "psycopg2", "pymongo", "sqlalchemy.create_engine", "sqlalchemy.orm.Session")
_PRINTING = ("builtins.print", "builtins.breakpoint", "pdb", "pprint.pprint", "click.echo")
#: Methods that write, whatever they are called on.
_WRITING = frozenset({"write_text", "write_bytes", "unlink", "mkdir", "rmdir", "symlink_to"})

#: Each code: the names that lead to it (with all below them), what is wrong with it, and the mend.
_RULES: Mapping[str, tuple[tuple[str, ...], str, str]] = MappingProxyType(
    {
        "handler-sleeps": (_SLEEPING, "keeps a worker busy", "use ctx.later and a @timer handler"),
        "handler-clock": (_CLOCKS, "is a clock that no test and no replay can set", "use ctx.now"),
        "handler-network": (
            _NETWORK,
            "waits for somebody else within a transaction",
            "let the core ask it: return a Source from the hook sources (docs/plugins/feed.md)",
        ),
        "handler-threads": (_THREADS, "outlives the handler and its transaction", "use ctx.later and a @timer handler"),
        "handler-process": (_PROCESSES, "reaches beyond the handler", "raise an error, or leave it out"),
        "handler-files": (_FILES, "is kept outside the transaction", "keep it in a Record"),
        "handler-database": (_DATABASES, "is a transaction of its own", "keep it in a Record and use ctx.records"),
        "handler-prints": (_PRINTING, "is read by nobody", "use ctx.note for the audit log, or leave it out"),
    }
)
#: In a source's `fetch`, which runs on the edge.
_FETCH = (
    "handler-sleeps",
    "handler-network",
    "handler-threads",
    "handler-process",
    "handler-files",
    "handler-database",
)
_BLOCKING = ("handler-sleeps", "handler-network")


def check(subject: Subject) -> Iterator[Finding]:
    """Look at all that handlers and the import lead to, then at what `fetch` of a source leads to."""
    for use in subject.graph.uses():
        code = _code(use)
        if code:
            _, wrong, mend = _RULES[code]
            yield Finding(_place(use), code, f"{_called(use.origin)} {use.where} {wrong}", mend)
    for use in subject.graph.uses(fetching=True):
        code = _code(use)
        if code in _FETCH and use.origin != "asyncio.sleep":
            mend = "ask with outside.json or outside.text" if code in _BLOCKING else _RULES[code][2]
            what = f"{_called(use.origin)} {use.where} holds up all that is asked outside"
            yield Finding(_place(use), code, what, mend)
    yield from _written(subject)


def blocks(origin: str) -> bool:
    """Whether a name from elsewhere waits where an event loop runs: for channels."""
    blocking = ("time.sleep", "requests", "urllib.request", "http.client", "smtplib", "imaplib", "subprocess.run")
    return any(_is_below(origin, one) for one in (*blocking, "subprocess.check_output", "builtins.input", "os.system"))


def _code(use: Use) -> str:
    if use.origin == "builtins.open":
        return "handler-files" if _opens_to_write(use.module.parent(use.node), use.node) else ""
    for code, (names, _, _) in _RULES.items():
        if any(_is_below(use.origin, one) for one in names):
            return code
    return ""


def _written(subject: Subject) -> Iterator[Finding]:
    """Methods that write a file, in functions that the core leads to."""
    for module in subject.sources:
        for function in module.functions():
            root = subject.graph.way_to(f"{module.name}.{function.name}")
            if root is None:
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if node.func.attr in _WRITING and not _is_record_store(node.func.value):
                    what = f"{node.func.attr} in the {root.kind} {root.called!r} {_RULES['handler-files'][1]}"
                    yield Finding(Place(module.path, node.lineno), "handler-files", what, _RULES["handler-files"][2])


def _is_record_store(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("records", "_unit")


def _opens_to_write(call: ast.AST | None, name: ast.expr) -> bool:
    if not isinstance(call, ast.Call) or call.func is not name:
        return False
    mode = next((one.value for one in call.keywords if one.arg == "mode"), call.args[1] if len(call.args) > 1 else None)
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(set("wax+") & set(mode.value))


def _is_below(origin: str, name: str) -> bool:
    return origin == name or origin.startswith(f"{name}.")


def _called(origin: str) -> str:
    return origin.removeprefix("builtins.").removeprefix("datetime.")


def _place(use: Use) -> Place:
    return Place(use.module.path, use.node.lineno)
