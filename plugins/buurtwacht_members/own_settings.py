"""What a member decides for himself: language, form of address, quiet hours, senders, opt-ins, name and street."""

from __future__ import annotations

from buurtwacht import Context, Lines, QuietHours, Text, fold
from buurtwacht_members import retiring
from buurtwacht_members.words import FORMS, LANGUAGES, SENDERS, clean_name, read_home


def language(ctx: Context, name: str) -> None:
    """Choose Dutch or English."""
    chosen = LANGUAGES.get(fold(name))
    if chosen is None:
        ctx.reply(Text("language.unknown"))
        return
    ctx.directory.change(ctx.person.id, language=chosen)
    # Put into words when it leaves, and so in the new language already.
    ctx.reply(Text("language.done"))


def form(ctx: Context, word: str) -> None:
    """Choose how the bot addresses him: "u" or "je"; English knows only one."""
    chosen = FORMS.get(fold(word))
    if chosen is None:
        ctx.reply(Text("form.unknown"))
        return
    ctx.directory.change(ctx.person.id, formal=chosen == "formal")
    ctx.reply(Text("form.done"))


def quiet(ctx: Context, hours: str = "") -> None:
    """Choose his own quiet hours, none, or those of the neighbourhood; what presses comes anyway (R53)."""
    folded = fold(hours)
    if not folded:
        _show_quiet(ctx)
    elif folded in ("uit", "geen", "off", "none"):
        ctx.directory.change(ctx.person.id, quiet_hours="")
        ctx.reply(Text("quiet.off"))
    elif folded in ("standaard", "default"):
        ctx.directory.change(ctx.person.id, quiet_hours=None)
        ctx.reply(Text("quiet.default"))
    else:
        try:
            chosen = QuietHours.parse(hours.replace(" tot ", "-").replace(" to ", "-").replace("–", "-"))
        except ValueError:
            chosen = None
        if chosen is None or chosen.start == chosen.end:
            ctx.reply(Text("quiet.unknown"))
            return
        ctx.directory.change(ctx.person.id, quiet_hours=str(chosen))
        ctx.reply(Text("quiet.done", hours=str(chosen)))


def _show_quiet(ctx: Context) -> None:
    own = ctx.person.quiet_hours
    hours = str(ctx.here.quiet_hours or "") if own is None else own
    ctx.reply(Text("quiet.shown", hours=hours) if hours else Text("quiet.shown.none"))


def refuse(ctx: Context, sender: str) -> None:
    """Want nothing any more from one kind of sender (R48)."""
    _sender(ctx, sender, refuses=True)


def accept(ctx: Context, sender: str) -> None:
    """Want to hear again from one kind of sender."""
    _sender(ctx, sender, refuses=False)


def _sender(ctx: Context, sender: str, *, refuses: bool) -> None:
    kind = SENDERS.get(fold(sender))
    if kind is None:
        ctx.reply(Text("sender.unknown"))
        return
    others = [one for one in ctx.person.refuses if one != kind]
    ctx.directory.change(ctx.person.id, refuses=[*others, str(kind)] if refuses else others)
    ctx.reply(Text("sender.refused" if refuses else "sender.accepted", sender=Text(f"sender.{kind}")))


def opt_in(ctx: Context, plugin: str = "") -> None:
    """Take part in something that members hear from only when they asked to; without a name: what there is."""
    _opt(ctx, plugin, wanted=True)


def opt_out(ctx: Context, plugin: str = "") -> None:
    """Take part no more."""
    _opt(ctx, plugin, wanted=False)


def _opt(ctx: Context, plugin: str, *, wanted: bool) -> None:
    offered = ctx.opt_in_plugins()
    # He must be able to take back what he asked for wherever that is off now, or gone: it may come again.
    able = offered if wanted else [*offered, *ctx.opted_in_plugins()]
    found = next((one for one in able if fold(plugin) in (fold(one[0]), fold(one[1]))), None)
    if found is None:
        lines = [Text("opt.line", plugin=ident, name=name) for ident, name in offered]
        ctx.reply(Text("opt.offered", lines=Lines(*lines)) if lines else Text("opt.nothing"))
        return
    ident, name = found
    others = [one for one in ctx.person.opted_in if one != ident]
    ctx.directory.change(ctx.person.id, opted_in=[*others, ident] if wanted else others)
    ctx.reply(Text("opt.in" if wanted else "opt.out", name=name))


def rename(ctx: Context, name: str) -> None:
    """Change his display name; those who look after the neighbourhood find it in the list."""
    chosen = clean_name(name)
    if chosen is None:
        ctx.reply(Text("join.name.unfit"))
        return
    ctx.directory.change(ctx.person.id, name=chosen)
    retiring.renamed(ctx, chosen)
    ctx.reply(Text("rename.done", name=ctx.name_of(ctx.person)))


def move(ctx: Context, street: str) -> None:
    """Change where he lives in this neighbourhood."""
    typed = street
    for word in ("naar ", "to "):
        typed = typed.removeprefix(word)
    home = read_home(typed, ctx.here)
    if home is None:
        ctx.reply(Text("join.street.unfit"))
        return
    ctx.directory.move(ctx.person.id, ctx.here.id, street=home.street, postcode=home.postcode)
    place = " ".join(filter(None, (home.street, home.postcode)))
    ctx.reply(Text("move.done", street=place, neighbourhood=ctx.here.name))
