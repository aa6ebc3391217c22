"""A list of bulletins for feed readers: Atom (RFC 4287), with a link to each CAP message beside it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from buurtwacht import Context, Text
from buurtwacht_alerts.bulletin import Bulletin
from buurtwacht_alerts.cap import fit, moment

MIME = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def listed(ctx: Context, bulletins: Sequence[Bulletin]) -> bytes:
    """Return bulletins of this neighbourhood, the newest first, in UTF-8."""
    here = ctx.here
    root = ElementTree.Element("feed", {"xmlns": _NAMESPACE})
    _add(root, "id", f"urn:buurtwacht:{ctx.country}:{here.code}:alerts".lower())
    _add(root, "title", ctx.in_words(Text("feed.title", name=here.name), here.language))
    _add(root, "updated", moment(bulletins[0].at.astimezone(here.zone) if bulletins else ctx.now))
    author = ElementTree.SubElement(root, "author")
    _add(author, "name", ctx.in_words(Text("cap.sender", name=here.name), here.language))
    for bulletin in bulletins:
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", f"urn:buurtwacht:{bulletin.identifier}".lower())
        _add(entry, "title", bulletin.headline)
        _add(entry, "updated", moment(bulletin.at.astimezone(here.zone)))
        ElementTree.SubElement(entry, "category", {"term": bulletin.short})
        # The address is beside that of the list, below the same token.
        where = {"rel": "alternate", "type": "application/cap+xml", "href": bulletin.file_name}
        ElementTree.SubElement(entry, "link", where)
    ElementTree.indent(root)
    return ('<?xml version="1.0"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n").encode()


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = fit(text)
