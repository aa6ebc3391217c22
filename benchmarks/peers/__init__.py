"""What others do with the same work, each a program of its own that prints its figures."""
