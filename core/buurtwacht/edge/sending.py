"""Sending: the delivery of an account, made from the core it serves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from buurtwacht.edge.delivery import Delivery, RunInThread
from buurtwacht.edge.desk import Desk
from buurtwacht.edge.rendering import Renderer
from buurtwacht.host.core import Core
from buurtwacht.records.fetching import content_of
from buurtwacht.records.leases import Leases
from buurtwacht.vocabulary.channels import Channel
from buurtwacht.vocabulary.messages import Reader


def delivery_for(
    core: Core,
    channel: Channel,
    run_in_thread: RunInThread,
    *,
    rate: float | None,
    prefix: str = "buurtwacht",
    on_state: Callable[[str, str], None] = lambda state, reason: None,
    leases: Leases | None = None,
) -> Delivery:
    """Return the delivery of one account; `rate` in messages a second, `prefix` begins the names of its templates.

    With `leases` it sends only while this process holds that of the account.
    """
    renderer = Renderer(
        core.catalogues,
        channel.capabilities,
        core.neighbourhoods,
        defaults=Reader(core.language, country=core.country),
        load=partial(content_of, core.database, core.keyring),
        templates=core.plugins.templates(),
        prefix=prefix,
    )
    account = channel.account
    desk = Desk(
        account,
        core.database,
        core.keyring,
        renderer,
        named=core.look is not None,
        leases=leases,
        repeats=core.repeats,
        blame=core.health.failed,
    )
    held = partial(leases.held, account) if leases is not None else lambda: True
    return Delivery(channel, desk, core.clock, run_in_thread, rate=rate, look=core.look, on_state=on_state, held=held)
