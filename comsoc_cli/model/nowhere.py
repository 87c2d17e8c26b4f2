"""Contacts that no segment selects, and rules that select no contact."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from comsoc_cli.message import Message, joined, said
from comsoc_cli.model.alike import fold, nearest
from comsoc_cli.model.contact import Contact, ContactBook
from comsoc_cli.model.segments import selected

_MOST_GROUPS = 5  #: that a sentence tells one by one
_TYPE = "type"
#: Fields that most offices have, as they are called in a sentence.
_FIELDS = {_TYPE: said("type"), "region": said("region"), "tags": said("tags"), "outlet": said("outlet")}
_Values = tuple[tuple[str, str], ...]  #: field and value


@dataclass(frozen=True, kw_only=True)
class Group:
    """Contacts in no segment for the same reason."""

    values: _Values  #: field and value that no rule wants; an empty value: they have none
    many: int
    meant: str = ""  #: a value that a rule wants, and that was perhaps meant


@dataclass(frozen=True, kw_only=True)
class Nowhere:
    """The contacts that get nothing, whatever is sent."""

    contacts: tuple[Contact, ...] = ()
    groups: tuple[Group, ...] = ()  #: the largest first

    @property
    def many(self) -> int:
        return len(self.contacts)

    @property
    def is_slip(self) -> bool:
        """Whether some of them were perhaps meant to be in a segment."""
        return any(group.meant for group in self.groups)


def nowhere(book: ContactBook, today: date | None) -> Nowhere:
    """The contacts in no segment, one for each address, without those who are suppressed or have expired."""
    placed = {contact.key for contact, _ in selected(book, tuple(book.segments))}
    found: dict[str, Contact] = {}
    for contact in book.contacts:
        key = contact.key
        expired = today is not None and contact.until is not None and contact.until < today
        if key not in placed and key not in book.suppressions and not expired:
            found.setdefault(key, contact)
    if not found:
        return Nowhere()
    return Nowhere(contacts=tuple(found.values()), groups=_groups(found.values(), _wanted(book)))


def _groups(contacts: Iterable[Contact], wanted: Mapping[str, Mapping[str, str]]) -> tuple[Group, ...]:
    """The contacts counted by why no segment selects them."""
    # Very many contacts say the same: each description is looked at once.
    described = Counter([tuple([contact.values(name) for name in wanted]) for contact in contacts])
    reasons: Counter[_Values] = Counter()
    written: dict[_Values, _Values] = {}
    for description, many in described.items():
        values = _reason(dict(zip(wanted, description, strict=True)), wanted)
        alike = tuple((name, fold(value)) for name, value in values)
        written.setdefault(alike, values)
        reasons[alike] += many
    return tuple(
        Group(values=written[alike], many=many, meant=_meant(written[alike], wanted))
        for alike, many in sorted(reasons.items(), key=lambda one: (-one[1], one[0][-1:] and not one[0][-1][1], one[0]))
    )


def nowhere_message(found: Nowhere) -> Message:
    """How many are in no segment, with their values and what was perhaps meant."""
    to_see = "comsoc contacts list --nowhere"
    groups = [_told(group) for group in found.groups[:_MOST_GROUPS] if group.values]
    left = sum(group.many for group in found.groups[_MOST_GROUPS:])
    if left:
        groups.append(said("others {many}", many=left))
    if not groups:
        if found.many == 1:
            return said("1 contact is in no segment. To see it: {command}", command=to_see, many=1)
        return said("{many} contacts are in no segment. To see them: {command}", command=to_see, many=found.many)
    facts: dict[str, object] = {"groups": joined(groups), "command": to_see, "many": found.many}
    if found.many == 1:
        return said("1 contact is in no segment: {groups}. To see it: {command}", **facts)
    return said("{many} contacts are in no segment: {groups}. To see them: {command}", **facts)


def unmet(book: ContactBook) -> Iterator[tuple[str, str, str, str]]:
    """Values that a segment asks for and no contact has: segment, field, value, and the contacts' value that was
    perhaps meant, which no segment asks for."""
    wanted, there = _wanted(book), _present(book)
    for segment in book.segments.values():
        for name, values in segment.where.items():
            unwanted = {key: value for key, value in there[name].items() if key not in wanted[name]}
            for value in values:
                if fold(value) not in there[name]:
                    yield segment.name, name, value, nearest(value, unwanted.values())


def field_name(name: str) -> Message:
    """What a field is called in a sentence."""
    return _FIELDS.get(name, Message(name.replace("{", "").replace("}", "")))


def _wanted(book: ContactBook) -> dict[str, dict[str, str]]:
    """For each field that rules look at, the values they ask for: folded, and as written; the type first, then the
    field that most rules look at."""
    looks = Counter(name for segment in book.segments.values() for name in segment.where)
    wanted: dict[str, dict[str, str]] = {name: {} for name, _ in sorted(looks.items(), key=_first)}
    for segment in book.segments.values():
        for name, values in segment.where.items():
            for value in values:
                wanted[name].setdefault(fold(value), value)
    return wanted


def _first(look: tuple[str, int]) -> tuple[bool, int]:
    return look[0] != _TYPE, -look[1]


def _present(book: ContactBook) -> dict[str, dict[str, str]]:
    """For each field that rules look at, the values that contacts have: folded, and as first written."""
    found: dict[str, dict[str, str]] = {name: {} for segment in book.segments.values() for name in segment.where}
    for name, values in found.items():
        for value in dict.fromkeys(value for contact in book.contacts for value in contact.values(name)):
            values.setdefault(fold(value), value.strip())
    return found


def _reason(description: Mapping[str, tuple[str, ...]], wanted: Mapping[str, Mapping[str, str]]) -> _Values:
    """The value that no rule asks for; without one, the field that it does not have; else all that rules look at."""
    missing, both = "", []
    for name, known in wanted.items():
        values = description[name]
        if not values:
            missing = missing or name
        elif not any(fold(value) in known for value in values):
            return ((name, values[0].strip()),)
        else:
            both += [(name, value.strip()) for value in values]
    return ((missing, ""),) if missing else tuple(both)


def _meant(values: _Values, wanted: Mapping[str, Mapping[str, str]]) -> str:
    if len(values) != 1 or not values[0][1]:
        return ""
    [(name, value)] = values
    return "" if fold(value) in wanted[name] else nearest(value, wanted[name].values())


def _told(group: Group) -> Message:
    if group.values[0][1] == "":
        return said("without {field} {many}", field=field_name(group.values[0][0]), many=group.many)
    words = [said("{field} “{value}”", field=field_name(name), value=value) for name, value in group.values]
    if group.meant:
        return said("{what} {many} (was “{meant}” meant?)", what=joined(words), many=group.many, meant=group.meant)
    return said("{what} {many}", what=joined(words), many=group.many)
