"""What readers find changed between two revisions: each passage as it stood and as it stands.

`differences` tells an editor what changed in the files; this tells what changed for those who read them as rendered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from comsoc_cli.model.release import Correction, Event, Release, primary
from comsoc_cli.model.settings import PressContact, Settings
from comsoc_cli.rendering.as_read import Places, alike, as_read
from comsoc_cli.rendering.changes import Passage, Seen
from comsoc_cli.rendering.events import venue
from comsoc_cli.rendering.wording import Wording

_AROUND = 4  #: words that are told before and after those that changed
_MOST_WORDS = 4000  #: of passages that are compared word by word
_LIKE = 0.5  #: from which likeness on a passage is another one's later form
_MARKDOWN = re.compile(r"[*_`\\\[\]>]")
#: Places that are told whole: half an address or half a date helps nobody.
_WHOLE = {"kind", "date", "dateline", "picture", "event-time", "event-place", "link", "attachment", "contact"}

#: What a correction says was said and what it should have been, for comparing.
Pair = tuple[str, str]


def pairs_of(corrections: Iterable[Correction]) -> tuple[Pair, ...]:
    """What these corrections say that was said, and what it should be; trifles are not told."""
    return tuple((_plain(one.said), _plain(one.should)) for one in corrections if one.said and not one.minor)


def seen_changes(old: Release, new: Release, settings: Settings, pairs: Sequence[Pair] = ()) -> dict[str, Seen]:
    """By language, what readers find changed besides what `pairs` tell; a text that is new cannot be compared."""
    before = {primary(text.language): text for text in old.translations}
    found = {}
    for text in new.texts:
        earlier = old if text is new else before.get(primary(text.language))
        if earlier is None:
            continue
        words = Wording(text.language, settings.zone)
        was = _places(earlier, old, words, settings)
        now = _places(text, new, words, settings)
        comparison = _Comparison(pairs)
        passages = [passage for place in now for passage in comparison.of(place, was[place], now[place])]
        passages += _files(earlier, text)
        found[text.language] = Seen(passages=tuple(passages), explained=comparison.explained)
    return found


def moved_event(old: Release, new: Release, settings: Settings) -> tuple[Event, Event] | None:
    """The event of a kind that invites, as it was and as it is, where its time or its place changed."""
    kind, before, after = settings.kinds.get(new.kind), old.event, new.event
    if not (kind and kind.invites and before and after):
        return None
    if (before.start, before.end, before.all_day) != (after.start, after.end, after.all_day):
        return before, after
    place = (before.place or venue(before), after.place or venue(after))
    return (before, after) if alike(place[0]) != alike(place[1]) else None


def _places(text: Release, original: Release, words: Wording, settings: Settings) -> Places:
    contacts = settings.press_contacts
    contact: PressContact | None = contacts.get(text.contact) if text.contact else next(iter(contacts.values()), None)
    return as_read(text, original, words, settings.kinds.get(original.kind), contact)


def _files(old: Release, new: Release) -> Iterator[Passage]:
    """Files whose name is the same and whose content is another."""
    for name in sorted(old.files.keys() & new.files.keys()):
        if old.files[name].read_bytes() != new.files[name].read_bytes():
            yield Passage(where="file", before=name, after=name)


class _Comparison:
    """Compares the places of two texts; notes whether `pairs` explain some change."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.should: dict[str, set[str]] = {}
        for said, should in pairs:
            self.should.setdefault(said, set()).add(should)
        self.said = re.compile("|".join(map(_whole, sorted(self.should, key=len, reverse=True)))) if pairs else None
        self.explained = False

    def of(self, place: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
        was, now = [alike(one) for one in old], [alike(one) for one in new]
        for tag, start, end, first, last in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            for one, other in _paired(old[start:end], new[first:last]):
                yield from self._passage(place, one, other)

    def _passage(self, place: str, before: str, after: str) -> Iterator[Passage]:
        """What differs between two passages, where that is not what was told."""
        if alike(before) == alike(after):
            return
        if self._is_told(alike(before), alike(after)):
            self.explained = True
            return
        if place in _WHOLE or not before or not after:
            yield Passage(where=place, before=before, after=after)
            return
        yield from self._words(place, before.split(), after.split())

    def _is_told(self, before: str, after: str) -> bool:
        """Whether one passage is the other with what was said replaced by what it should be, here and there."""
        if self.said is None or not self.said.search(before):
            return False
        pattern, at = [], 0
        for found in self.said.finditer(before):
            choice = "|".join(map(re.escape, sorted({found[0], *self.should[found[0]]})))
            pattern += [re.escape(before[at : found.start()]), f"(?:{choice})"]
            at = found.end()
        return re.fullmatch("".join(pattern) + re.escape(before[at:]), after) is not None

    def _words(self, place: str, old: list[str], new: list[str]) -> Iterator[Passage]:
        if len(old) + len(new) > _MOST_WORDS:
            yield Passage(where=place, before=" ".join(old), after=" ".join(new))
            return
        was, now = [alike(one) for one in old], [alike(one) for one in new]
        spans: list[list[int]] = []
        for tag, start, end, first, last in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if tag == "equal":
                continue
            if spans and start - spans[-1][1] <= 2 * _AROUND:
                spans[-1][1], spans[-1][3] = end, last
            else:
                spans.append([start, end, first, last])
        for start, end, first, last in spans:
            before = " ".join(old[max(0, start - _AROUND) : end + _AROUND])
            after = " ".join(new[max(0, first - _AROUND) : last + _AROUND])
            if self._is_told(alike(before), alike(after)):
                self.explained = True
            else:
                yield Passage(where=place, before=before, after=after)


def _whole(said: str) -> str:
    """A pattern of what was said where it stands by itself: "48 mil" is no part of "148 mil", nor "1" of "1,250"."""
    return rf"(?<!\w)(?<!\d[.,]){re.escape(said)}(?!\w)(?![.,]\d)"


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Passages side by side: each with the one that it became, else with nothing."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    ahead = list(new)
    for one in old:
        likeness = [SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() for other in ahead]
        at = next((number for number, ratio in enumerate(likeness) if ratio > _LIKE), None)
        if at is None:
            yield one, ""
            continue
        yield from (("", other) for other in ahead[:at])
        yield one, ahead[at]
        ahead = ahead[at + 1 :]
    yield from (("", other) for other in ahead)


def _plain(text: str) -> str:
    """Words as readers see them; Markdown's signs do not count."""
    return alike(_MARKDOWN.sub("", text))
