"""The developer's kit: finding a package, writing a new one, looking at one. Nothing of it is used by `run`."""
