"""Whose turn it is: who is ready, who waits for another try, and how much the server and each domain may take."""

import heapq
from collections import deque
from collections.abc import Iterable, Mapping

from comsoc_cli.model.delivery import Delivery


class Turns:
    """The deliveries of a run in the order in which they may go out; moments are seconds on a steady clock."""

    def __init__(
        self, deliveries: Iterable[Delivery], *, per_minute: float = 0, domains: Mapping[str, float] | None = None
    ) -> None:
        """`per_minute` and `domains` (so many a minute for each recipient domain) are limits; 0 is none."""
        self._rest = iter(deliveries)
        self._back: deque[Delivery] = deque()
        self._last: deque[Delivery] = deque()
        self._later: list[tuple[float, int, Delivery]] = []
        self._all = _Limit(per_minute)
        self._limits = {domain.lower(): _Limit(many) for domain, many in (domains or {}).items() if many}
        self._held: dict[str, deque[Delivery]] = {domain: deque() for domain in self._limits}

    def take(self, now: float) -> Delivery | None:
        """The deliveries that may go out at this moment."""
        if self._all.next_at > now:
            return None
        delivery = self._held_back(now) or self._ready(now)
        if delivery:
            self._all.used(now)
        return delivery

    def back(self, delivery: Delivery) -> None:
        """It did not get as far as an answer: it may go out at once."""
        self._back.append(delivery)

    def last(self, delivery: Delivery) -> None:
        """The line broke down over it: it may go out once everybody else has had a turn."""
        self._last.append(delivery)

    def again(self, delivery: Delivery, at: float) -> None:
        """It may be tried again from this moment on."""
        heapq.heappush(self._later, (at, delivery.id, delivery))

    @property
    def waiting(self) -> int:
        """How many wait for another try."""
        return len(self._later)

    def next_at(self, now: float) -> float | None:
        """When to ask again, if no delivery comes back before; None if none is left."""
        moments = [self._limits[domain].next_at for domain, held in self._held.items() if held]
        moments += [at for at, _, _ in self._later[:1]]
        moments += [now] if self._is_ready() else []
        return max(min(moments), self._all.next_at) if moments else None

    def _is_ready(self) -> bool:
        if not self._back:
            self._back.extend(self._next_of_the_rest())
        return bool(self._back)

    def _next_of_the_rest(self) -> list[Delivery]:
        delivery = next(self._rest, None) or (self._last.popleft() if self._last else None)
        return [delivery] if delivery else []

    def _held_back(self, now: float) -> Delivery | None:
        """A delivery whose domain may take one again."""
        for domain, held in self._held.items():
            if held and self._limits[domain].next_at <= now:
                self._limits[domain].used(now)
                return held.popleft()
        return None

    def _ready(self, now: float) -> Delivery | None:
        """The next whose domain may take one; the others are held back."""
        while self._later and self._later[0][0] <= now:
            self._back.append(heapq.heappop(self._later)[2])
        while self._is_ready():
            delivery = self._back.popleft()
            domain = delivery.recipient.address.rpartition("@")[2].lower()
            limit = self._limits.get(domain)
            if limit and (limit.next_at > now or self._held[domain]):
                self._held[domain].append(delivery)
                continue
            if limit:
                limit.used(now)
            return delivery
        return None


class _Limit:
    """So many a minute, evenly."""

    def __init__(self, per_minute: float) -> None:
        self._apart = 60 / per_minute if per_minute else 0.0
        self.next_at = 0.0

    def used(self, now: float) -> None:
        if self._apart:
            self.next_at = max(now, self.next_at) + self._apart
