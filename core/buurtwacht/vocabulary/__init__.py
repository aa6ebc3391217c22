"""Floor 1, the words everything speaks: messages, events, errors, time, texts, settings. No I/O lives here."""
