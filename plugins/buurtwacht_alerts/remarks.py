"""Other text of somebody who was shown an alert: a question is answered from it, a statement goes to a human (R11)."""

from __future__ import annotations

import re

from buurtwacht import AnswerClass, Context, Text, classify
from buurtwacht_alerts import additions, answering, cries
from buurtwacht_alerts.alert import Alert, Outcome, Status, Value, get, log, shown_lately
from buurtwacht_alerts.denials import takes_back
from buurtwacht_alerts.ending import end, line
from buurtwacht_alerts.wording import called, instruction, label, masker, place

_QUESTION = re.compile(
    r"\?\s*$|^(?:is|zijn|moet|moeten|kan|kunnen|mag|zal|wat|wie|waar|wanneer|hoe|waarom|weet|weten|heeft|hebben|wordt"
    r"|komt|should|shall|can|may|is|are|what|who|where|when|how|why|does|do|did|has|have|will)\b",
    re.IGNORECASE,
)


def remarked(ctx: Context, text: str, about: int | None = None) -> None:
    """Answer a question in private, or give a statement to the co-ordinators. It never reaches members by itself."""
    lately = shown_lately(ctx, ctx.person)
    alert = next((one for one in lately if about is None or one.id == about), None)
    if alert is None:
        return
    cries.heard(ctx, text)  # only behind its id: without one it is no remark to begin with
    if alert.status is Status.DRAFT and takes_back(text):
        end(ctx, alert, Outcome.RETRACTED, "")
        ctx.reply(Text("retract.draft"))
        return
    if alert.status is Status.DRAFT:
        alert.words = f"{alert.words} / {text}"
        log(ctx, alert, "completed", new=text[:300])
        short = alert.short or get(ctx, alert.similar_to or 0).short
        ctx.reply(Text("completed", short=short))
        return
    if classify(text) is AnswerClass.OK:
        answering.answered(ctx, alert, Value.SEEN)
    elif _QUESTION.search(text.strip()):
        ctx.reply(about_it(ctx, alert), thread=alert)
    else:
        _pass_on(ctx, alert, text)


def about_it(ctx: Context, alert: Alert) -> Text:
    """Return what an alert says to somebody who asks: what to do while it is open, how it ended afterwards."""
    if alert.status is Status.CLOSED:
        return Text("remark.closed", line=line(ctx, alert))
    masked = masker(ctx.within(ctx.neighbourhood_of(alert.neighbourhood)))
    return Text(
        "remark.open",
        short=alert.short,
        label=label(alert),
        place=place(alert, masked),
        called=called(alert),
        instruction=instruction(alert),
    )


def _pass_on(ctx: Context, alert: Alert, text: str) -> None:
    told = additions.offer(ctx, alert, text) if alert.is_open else additions.afterwards(ctx, alert, text)
    ctx.reply(Text("remark.thanks" if told else "nobody", short=alert.short), thread=alert)
