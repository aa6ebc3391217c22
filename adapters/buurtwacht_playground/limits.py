"""What the imitated messenger would refuse: a message is checked here before it appears on a telephone."""

from __future__ import annotations

from buurtwacht import Capabilities, Layout, Outgoing, Rejected

#: Bot API: callback_data holds 1-64 bytes; the core promises the same to every channel.
_OPTION_ID_BYTES = 64
#: Cloud API: a template has at most ten quick replies of 25 characters.
_TEMPLATE_BUTTONS = (10, 25)


def check(outgoing: Outgoing, can: Capabilities) -> None:
    """Let a message pass that the messenger would take. Raises `Rejected` with the limit that it breaks."""
    _check_text(outgoing, can)
    if outgoing.layout in (Layout.BUTTONS, Layout.LIST):
        _check_options(outgoing, can)
    if outgoing.edit_of is not None and not can.edit:
        raise Rejected("cannot_edit")
    if outgoing.template is not None:
        _check_template(outgoing, can)


def _check_text(outgoing: Outgoing, can: Capabilities) -> None:
    if not (outgoing.text or outgoing.parcels or outgoing.location):
        raise Rejected("empty")
    interactive = outgoing.layout in (Layout.BUTTONS, Layout.LIST)
    if len(outgoing.text) > (can.interactive_text if interactive else can.text):
        raise Rejected("text_too_long")


def _check_options(outgoing: Outgoing, can: Capabilities) -> None:
    rows = outgoing.layout is Layout.LIST
    most, longest = (can.list_rows, can.list_row_title) if rows else (can.buttons, can.button_title)
    if outgoing.template is not None:
        most, longest = _TEMPLATE_BUTTONS
    if not 0 < len(outgoing.options) <= most:
        raise Rejected("number_of_options")
    if any(not 0 < len(option.label) <= longest for option in outgoing.options):
        raise Rejected("option_title")
    if any(not 0 < len(option.id.encode()) <= _OPTION_ID_BYTES for option in outgoing.options):
        raise Rejected("option_id")
    if len({option.id for option in outgoing.options}) < len(outgoing.options):
        raise Rejected("option_id_twice")
    if rows and not 0 < len(outgoing.list_title) <= can.list_title:
        raise Rejected("list_title")


def _check_template(outgoing: Outgoing, can: Capabilities) -> None:
    if outgoing.template is None or not can.templates:
        raise Rejected("no_templates")
    # Cloud API: a parameter holds no line break and no tab (132018).
    if any("\n" in parameter or "\t" in parameter for parameter in outgoing.template.parameters):
        raise Rejected("template_parameter")
