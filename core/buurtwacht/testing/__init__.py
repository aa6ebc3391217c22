"""The test kit: a town in one process, with a clock that you move. Public and stable."""
