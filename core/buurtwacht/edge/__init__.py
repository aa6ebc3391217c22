"""Floor 4, where the world is met: the channel contract, delivery, receiving and the web. Asynchronous, no rules."""
