"""For all tests: a timing never decides one."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("town", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("town")
