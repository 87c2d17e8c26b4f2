"""Which contacts a segment selects."""

from collections.abc import Iterator, Mapping

from comsoc_cli.model.alike import fold
from comsoc_cli.model.contact import Contact, ContactBook, Segment, address_key

#: For how many different descriptions of a contact its segments are kept in mind.
MOST_KEPT = 10_000


def members(book: ContactBook, name: str) -> list[Contact]:
    """The contacts of a segment in the order of contacts.yaml; a spelling of one address may occur twice.

    The segments named by `include` are the base (without `include`: everybody, if there is a `where`), `where` narrows
    it, contacts that list the segment themselves are added, and the segments named by `exclude` are taken away.
    """
    return [contact for contact, _ in selected(book, (name,))]


def selected(book: ContactBook, names: tuple[str, ...]) -> Iterator[tuple[Contact, tuple[str, ...]]]:
    """The contacts that any of the segments selects, in the order of contacts.yaml, each with those that select it."""
    rules = _Rules(book.segments, names)
    # What the rules look at is the same for very many contacts: whoever has the same type and region is asked once.
    known: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}
    for contact in book.contacts:
        described = (contact.segments, *[contact.values(field) for field in rules.fields])
        chosen = known.get(described)
        if chosen is None:
            chosen = tuple([name for name in names if rules.select(name, contact, {})])
            if len(known) < MOST_KEPT:
                known[described] = chosen
        if chosen:
            yield contact, chosen


def matching(book: ContactBook, names: tuple[str, ...]) -> dict[str, set[str]]:
    """For each of the segments, the keys of the addresses it selects."""
    found: dict[str, set[str]] = {name: set() for name in names}
    for contact, chosen in selected(book, names):
        for name in chosen:
            found[name].add(contact.key)
    return found


def circle(segments: dict[str, Segment], start: str) -> list[str]:
    """The way from a segment back to itself through include and exclude, or nothing."""

    def walk(name: str, way: list[str]) -> list[str]:
        for other in (*segments[name].include, *segments[name].exclude):
            if other == start:
                return [*way, other]
            if other in segments and other not in way:
                found = walk(other, [*way, other])
                if found:
                    return found
        return []

    return walk(start, [start])


class _Rules:
    """The rules of some segments and of all that these include and exclude."""

    def __init__(self, segments: Mapping[str, Segment], names: tuple[str, ...]) -> None:
        self._segments: dict[str, Segment] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in self._segments:
                segment = self._segments[name] = segments[name]
                waiting += [other for other in (*segment.include, *segment.exclude) if other in segments]
        self._wanted = {
            name: {
                field: frozenset(_folded(field, value) for value in values) for field, values in segment.where.items()
            }
            for name, segment in self._segments.items()
        }
        self.fields = tuple({field for wanted in self._wanted.values() for field in wanted})

    def select(self, name: str, contact: Contact, known: dict[str, bool]) -> bool:
        """Whether a segment selects a contact; `known` keeps what was worked out on the way."""
        if name not in self._segments:
            return False
        if name in known:
            return known[name]
        known[name] = False  # a segment in a circle adds nothing of itself; `contacts check` tells of the circle
        segment = self._segments[name]
        # Every segment on the way is asked, not only up to the first that answers: that is how a circle ends the same
        # for everybody.
        base = True in [self.select(other, contact, known) for other in segment.include]
        if not segment.include:
            base = bool(segment.where)
        excluded = True in [self.select(other, contact, known) for other in segment.exclude]
        found = (base and self._matches(name, contact)) or name in contact.segments
        known[name] = found and not excluded
        return known[name]

    def _matches(self, name: str, contact: Contact) -> bool:
        return all(
            any(_folded(field, value) in values for value in contact.values(field))
            for field, values in self._wanted[name].items()
        )


def _folded(field: str, value: str) -> str:
    """A value for comparing; "josé@…" and "jose@…" are two mailboxes."""
    return address_key(value) if field == "email" else fold(value)
