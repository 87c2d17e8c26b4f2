"""Which contacts a segment selects."""

from comsoc_cli.model.contact import Contact, ContactBook, Segment


def members(book: ContactBook, name: str) -> list[Contact]:
    """The contacts of a segment in the order of contacts.yaml; a spelling of one address may occur twice.

    The segments named by `include` are the base (without `include`: everybody, if there is a `where`), `where` narrows
    it, contacts that list the segment themselves are added, and the segments named by `exclude` are taken away.
    """
    chosen = _numbers(book, name, {})
    return [contact for number, contact in enumerate(book.contacts) if number in chosen]


def matching(book: ContactBook, names: tuple[str, ...]) -> dict[str, set[str]]:
    """For each of the segments, the keys of the addresses it selects."""
    return {name: {contact.key for contact in members(book, name)} for name in names}


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


def _numbers(book: ContactBook, name: str, known: dict[str, set[int]]) -> set[int]:
    """The positions of a segment's contacts; `known` keeps what was worked out on the way."""
    if name in known:
        return known[name]
    known[name] = set()  # a segment in a circle adds nothing of itself; `contacts check` tells of the circle
    segment = book.segments[name]
    base: set[int] = set()
    if segment.include:
        for other in segment.include:
            base |= _numbers(book, other, known) if other in book.segments else set()
    elif segment.where:
        base = set(range(len(book.contacts)))
    if segment.where:
        wanted = {key: frozenset(value.casefold() for value in values) for key, values in segment.where.items()}
        base = {number for number in base if _matches(book.contacts[number], wanted)}
    base |= {number for number, contact in enumerate(book.contacts) if name in contact.segments}
    for other in segment.exclude:
        base -= _numbers(book, other, known) if other in book.segments else set()
    known[name] = base
    return base


def _matches(contact: Contact, wanted: dict[str, frozenset[str]]) -> bool:
    return all(any(value.casefold() in values for value in contact.values(key)) for key, values in wanted.items())
