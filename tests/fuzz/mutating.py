"""Bodies with something wrong in them: parts dropped, doubled, renamed, of another type, huge, or nested too deep."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from hypothesis import strategies as st

from .payloads import Json

_DEEP: Json = []
for _ in range(300):
    _DEEP = [_DEEP]

#: What nobody expects where it stands.
ODD: list[Json] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63,
    -(2**63) - 1,
    10**200,
    0.5,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "-1",
    "٣",
    "1e400",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\u202eomgekeerd",
    "e\u0301" * 300,
    "👨‍👩‍👧‍👦" * 50,
    "x" * 20_000,
    "9" * 5_000,
    "' OR 1=1 --",
    "{{7*7}}<script>",
    "../../etc/passwd",
    "{0} {name} %s",
    "\n" * 500,
    [],
    {},
    [None],
    [[]],
    {"": None},
    [{}] * 100,
    _DEEP,
]
_Step = Callable[[Json, str | int, Json], None]


def _drop(holder: Json, key: str | int, odd: Json) -> None:
    del holder[key]  # type: ignore[union-attr, arg-type, call-overload]


def _replace(holder: Json, key: str | int, odd: Json) -> None:
    holder[key] = odd  # type: ignore[index, call-overload]


def _rename(holder: Json, key: str | int, odd: Json) -> None:
    if isinstance(holder, dict):
        holder[f"{key}_"] = holder.pop(str(key))


def _double(holder: Json, key: str | int, odd: Json) -> None:
    if isinstance(holder, list) and isinstance(key, int):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif isinstance(holder, dict):
        holder[str(key)] = [holder[str(key)], holder[str(key)]]


def _spell(holder: Json, key: str | int, odd: Json) -> None:
    """Let a number be words, and words a number."""
    value = holder[key]  # type: ignore[index, call-overload]
    if isinstance(value, str):
        holder[key] = int(value) if value.isdecimal() and len(value) < 4000 else len(value)  # type: ignore[index, call-overload]
    elif not isinstance(value, dict | list):
        holder[key] = str(value)  # type: ignore[index, call-overload]


def _wrap(holder: Json, key: str | int, odd: Json) -> None:
    holder[key] = {"value": holder[key]}  # type: ignore[index, call-overload]


_STEPS: list[_Step] = [_drop, _replace, _replace, _replace, _rename, _double, _spell, _wrap]


def _places(body: Json) -> Iterator[tuple[Json, str | int]]:
    keys = body.keys() if isinstance(body, dict) else range(len(body)) if isinstance(body, list) else ()
    for key in list(keys):
        yield body, key
        yield from _places(body[key])  # type: ignore[index, call-overload]


@st.composite
def mutated(draw: st.DrawFn, base: Json, most: int = 3) -> Json:
    """Return a body with up to so many things wrong."""
    body = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, most))):
        places = list(_places(body))[:400]
        if not places:
            return body
        holder, key = places[draw(st.integers(0, len(places) - 1))]
        draw(st.sampled_from(_STEPS))(holder, key, copy.deepcopy(draw(st.sampled_from(ODD))))
    return body


@st.composite
def damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """Return the bytes of a body with something wrong in them that no JSON could say."""
    at = draw(st.integers(0, len(body)))
    match draw(st.sampled_from(["cut", "byte", "insert", "twice", "mark", "key twice", "wide"])):
        case "cut":
            return body[:at]
        case "byte":
            return body[:at] + bytes([draw(st.integers(0, 255))]) + body[at + 1 :]
        case "insert":
            return (
                body[:at]
                + draw(st.sampled_from([b"\xff\xfe", b"\xc3", b"\x00", b"\xed\xa0\x80", b"}", b'"']))
                + body[at:]
            )
        case "twice":
            return body + body
        case "mark":
            return b"\xef\xbb\xbf" + body
        case "key twice":
            return body.replace(b'"id":', b'"id": {"a": 1}, "id":').replace(b'"text":', b'"text": 7, "text":')
    return body.decode("utf-8", "replace").encode("utf-16")
