"""How fast a run goes, and how stubbornly."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comsoc_cli.model.settings import Smtp


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The limits of a run; times in seconds."""

    messages_per_connection: int = 500
    per_minute: float = 0
    domains: Mapping[str, float] = field(default_factory=dict)  #: so many a minute for each recipient domain
    retry_for: float = 600
    stop_after_failures: float = 0.2
    first_wait: float = 5  #: until a 4xx is tried again; doubled at each try
    longest_wait: float = 120
    pause: float = 0.5  #: until a session is opened anew after two were lost in a row; doubled at each


def pace_of(smtp: Smtp | None) -> Pace:
    """The pace that comsoc.toml sets."""
    if smtp is None:
        return Pace()
    return Pace(
        messages_per_connection=smtp.messages_per_connection,
        per_minute=smtp.per_minute,
        domains={domain: limit.per_minute for domain, limit in smtp.domains.items()},
        retry_for=smtp.retry_for,
        stop_after_failures=smtp.stop_after_failures,
    )
