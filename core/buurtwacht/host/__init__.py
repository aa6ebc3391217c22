"""Floor 3, where plugins live: hooks, plugin host, context and conversation. Synchronous, no network."""
