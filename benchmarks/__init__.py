"""Measurements of design §7, beside what others do with the same work, in one run. A timing never decides a test."""
