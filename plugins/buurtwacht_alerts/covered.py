"""What is hidden from a reader, named in his own language: a marked text as a text of the catalogue (R5, R6)."""

from __future__ import annotations

from buurtwacht import Context, Text
from buurtwacht_alerts.masks import Hidden, marks_in, unmarked, without_numbers


def said(marked: str) -> Text | str:
    """Return a marked text as it is put into words for each reader; what hides nothing stays as it is."""
    whole: Text | str | None = None
    end = len(marked)
    for start, stop, hidden, begins, owns in reversed(list(marks_in(marked))):
        after = marked[stop:end] if whole is None else whole
        if whole is not None and stop < end:
            after = Text("said.then", before=marked[stop:end], after=whole)
        whole, end = Text("said", hidden=_hidden(hidden, begins=begins, owns=owns), after=after), start
    if whole is None:
        return marked
    return Text("said.then", before=marked[:end], after=whole) if end else whole


def in_words(ctx: Context, marked: str) -> str:
    """Return a marked text in the language of the neighbourhood, for what is kept and told to other plugins."""
    shown = said(marked)
    return ctx.in_words(shown, ctx.here.language) if isinstance(shown, Text) else shown


def without_contacts(text: str) -> Text | str:
    """Return what somebody typed without numbers by which people are reached or known, for co-ordinators (R5)."""
    return said(without_numbers(unmarked(text)))


def without_contacts_in(text: Text) -> Text:
    """Return a text of the catalogue whose facts that people typed are without such numbers."""
    facts = {name: without_contacts(fact) if isinstance(fact, str) else fact for name, fact in text.facts.items()}
    return Text(text.key, domain=text.domain, **facts)


def _hidden(hidden: Hidden, *, begins: bool, owns: bool) -> Text:
    shown = Text(f"hidden.{hidden}.first" if begins and hidden is Hidden.NAME else f"hidden.{hidden}")
    return Text("hidden.owner", who=shown) if owns else shown
