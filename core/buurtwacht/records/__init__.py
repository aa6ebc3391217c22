"""Floor 2, what is kept: the database, people, inbox, outbox, timers, audit and privacy."""
