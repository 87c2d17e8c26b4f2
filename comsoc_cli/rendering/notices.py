"""What journalists are told beside the text: embargo, corrections, that a release is of no effect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from comsoc_cli.model.approval import Kill
from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.release import Event, Release
from comsoc_cli.model.zones import zone_named
from comsoc_cli.rendering.changes import Corrected, Passage, Seen
from comsoc_cli.rendering.events import Move, cancelled, move, short_time
from comsoc_cli.rendering.record import Record
from comsoc_cli.rendering.wording import Wording, feminine, shortened

#: What stands otherwise in a Spanish sentence where the kind of release is a feminine noun.
_ARTICLE = re.compile(r"\b(El|el|Al|al|Del|del) \{(reference|which|kind)\}")
_FEMININE = {"El": "La", "el": "la", "Al": "A la", "al": "a la", "Del": "De la", "del": "de la"}
_AGREEING = (("publicarlo", "publicarla"), ("{reference}, enviado", "{reference}, enviada"))

MOST_IN_A_NOTICE = 6  #: changes that the notice of a mail lists
MOST_ON_A_PAGE = 30  #: and those that a page lists
_LONGEST = 200  #: characters of a passage that is quoted


@dataclass(frozen=True, kw_only=True)
class CorrectionView(Record):
    """One of `release.corrections`: what a revision changed."""

    label: str  #: "Fe de erratas", "Alcance" or "Cambio de horario"
    day: str  #: when it was approved: "23 de noviembre de 2026, 12:00 h"
    iso: str
    text: str
    revision: int
    is_addition: bool


class Notices:
    """The notices of one text, in its language."""

    def __init__(
        self,
        words: Wording,
        text: Release,
        reference: str,
        zones: tuple[str, ...] = (),
        *,
        kind: str = "",
        sent: datetime | None = None,
        url: str = "",
    ) -> None:
        """`reference` is "Boletín 412", `kind` "Boletín"; `sent` is when its reader got it, `url` where its page is."""
        self.words = words
        self.text = text
        self.reference = reference
        self.zones = zones
        self.kind = kind or reference
        self.sent = sent
        self.url = url
        self._catalogue = words.translate()

    def translate(self, sentence: str) -> str:
        """A sentence in the text's language; in Spanish it agrees with the noun: al Boletín, a la Invitación."""
        translated = self._catalogue(sentence)
        if self.words.spanish and feminine(self.reference):
            translated = _ARTICLE.sub(lambda found: f"{_FEMININE[found[1]]} {{{found[2]}}}", translated)
            for masculine, other in _AGREEING:
                translated = translated.replace(masculine, other)
        return translated

    def embargo(self, moment: datetime) -> str:
        """The notice that cannot be overlooked."""
        return self.translate(
            "EMBARGOED. Not for publication or distribution, in whole or in part, before {hours} on {day}. "
            "If your outlet does not accept the embargo, tell us before you use it."
        ).format(hours=self.hours(moment), day=self.words.weekday(moment))

    def hours(self, moment: datetime) -> str:
        """18:00 horas, tiempo de Sinaloa (19:00, tiempo del centro del país),"""
        words = self.words
        here = self.translate("{hour}, {zone}").format(hour=words.hour(moment, whole=True), zone=words.zone_name())
        if words.spanish:
            here = f"{'la' if words.clock(moment).startswith('1:') else 'las'} {here}"
        others = []
        for name in self.zones:
            there = Wording(words.language, zone_named(name))
            same_day = moment.astimezone(there.zone).date() == moment.astimezone(words.zone).date()
            hour = there.clock(moment) if same_day else f"{there.short_day(moment)}, {there.clock(moment)}"
            others.append(self.translate("{hour}, {zone}").format(hour=hour, zone=there.zone_name()))
        return f"{here} ({'; '.join(others)})" if others else here

    def correction(self, told: tuple[Corrected, ...]) -> str:
        """What stands on top of a mail that corrects: the newest of `told`, and what was corrected before.

        The newest one's `seen` is what changed since the revision that the reader has.
        """
        *before, last = told
        earlier = [one for one in before if not one.correction.minor]
        newest = self._moved(last) if last.moved else self._correction(last, alone=not earlier)
        if not earlier:
            return newest
        summed_up = " ".join(self._summary(one) for one in reversed(earlier))
        return self.translate("{newest} Corrected before: {before}").format(newest=newest, before=summed_up)

    def _correction(self, one: Corrected, *, alone: bool) -> str:
        """`alone`: no earlier correction is told beside it, so the rest of the text may be as the reader has it."""
        correction, seen = one.correction, self._seen(one)
        note = _sentence(correction.note)
        if correction.addition:
            opening = self.translate("ADDITION. To {reference} is added: {note}").format(
                reference=self.reference, note=note
            )
            changed = [passage for passage in seen.passages if passage.before]
            return " ".join(filter(None, (opening, self._also(changed, MOST_IN_A_NOTICE))))
        if not correction.said:
            told = [self.translate("CORRECTION. In {which}: {note}").format(which=self._which(one.at), note=note)]
        elif seen.passages and not self._stands(correction.said, seen):
            # Such as a translation, in which the words of the original do not stand: its own are told.
            listed = self._listed(seen.passages, MOST_IN_A_NOTICE)
            told = [self.translate("CORRECTION. In {which}: {note}").format(which=self._which(one.at), note=listed)]
            told.append(note)
        else:
            told = [
                self.translate("CORRECTION. In {which}, IT SAYS: “{said}”. IT SHOULD SAY: “{should}”.").format(
                    which=self._which(one.at), said=correction.said, should=correction.should
                ),
                note,
                self._also(seen.passages, MOST_IN_A_NOTICE) or (self._rest(seen) if alone else ""),
            ]
        told.append(self.translate("If you have published it, please correct what you published. We apologize."))
        return " ".join(filter(None, told))

    def _moved(self, one: Corrected) -> str:
        """What an event was and what it is, and whatever else changed."""
        assert one.moved
        moved, correction, seen = move(*one.moved, self.words), one.correction, self._seen(one)
        told = [f"{moved.label.upper()}. {moved.text}", _sentence(correction.note)]
        if correction.said and seen.explained:
            told.append(
                self.translate("IT SAYS: “{said}”. IT SHOULD SAY: “{should}”.").format(
                    said=correction.said, should=correction.should
                )
            )
        told.append(self._also(_besides(seen.passages, moved), MOST_IN_A_NOTICE))
        return " ".join(filter(None, told))

    def corrections(self, history: tuple[Corrected, ...]) -> Iterator[CorrectionView]:
        """What was corrected and when, the newest first."""
        for one in reversed(history):
            correction = one.correction
            label = self.translate("Addition") if correction.addition else self.translate("Correction")
            yield CorrectionView(
                label=move(*one.moved, self.words).label if one.moved else label,
                day=f"{self.words.day(one.at)}, {self.words.hour(one.at)}",
                iso=one.at.astimezone(self.words.zone).isoformat(timespec="seconds"),
                text=self._summary(one),
                revision=correction.revision,
                is_addition=correction.addition,
            )

    def _summary(self, one: Corrected) -> str:
        """A correction as a page tells it: what it said, what it should, and everything else that changed."""
        correction, seen = one.correction, self._seen(one)
        passages = seen.passages
        told = []
        if one.moved:
            moved = move(*one.moved, self.words)
            told.append(moved.text)
            passages = _besides(passages, moved)
        own = not passages or seen.explained or self._stands(correction.said, seen)
        if correction.said and own and not (one.moved and not seen.explained):
            told.append(
                self.translate("It said: “{said}”. It should say: “{should}”.").format(
                    said=correction.said, should=correction.should
                )
            )
        told.append(_sentence(correction.note))
        if correction.said or one.moved:
            told.append(self._also(passages, MOST_ON_A_PAGE))
        elif correction.addition:
            told.append(self._also([one for one in passages if one.before], MOST_ON_A_PAGE))
        return " ".join(filter(None, told))

    def _seen(self, one: Corrected) -> Seen:
        return one.seen.get(self.text.language, Seen())

    def _stands(self, said: str, seen: Seen) -> bool:
        """Whether the words that a correction quotes are those of this text."""
        return seen.explained or (bool(said) and any(said in passage.before for passage in seen.passages))

    def _which(self, at: datetime) -> str:
        """Boletín 412, enviado el 23 de noviembre a las 10:00 h; of a text that was not sent: Boletín 412 del …"""
        if self.sent is None:
            return self.translate("{reference} of {day}").format(
                reference=self.reference, day=self.words.day(self.text.date)
            )
        when = self.words.day_and_hour(self.sent, as_of=at)
        return self.translate("{reference}, sent on {when}").format(reference=self.reference, when=when)

    def _rest(self, seen: Seen) -> str:
        """That all the rest is as it was, where that is what a reader finds."""
        if not seen.explained:
            return ""
        kind = self.kind if self.kind[1:2].isupper() else self.kind[:1].lower() + self.kind[1:]
        return self.translate("The rest of {kind} stays the same.").format(kind=kind)

    def _also(self, passages: "list[Passage] | tuple[Passage, ...]", most: int) -> str:
        if not passages:
            return ""
        return self.translate("Also changed: {changes}").format(changes=self._listed(passages, most))

    def _listed(self, passages: "list[Passage] | tuple[Passage, ...]", most: int) -> str:
        told = [self._told(one) for one in passages[:most]]
        rest = len(passages) - most
        if rest > 0 and self.url and most < MOST_ON_A_PAGE:
            told.append(
                self.translate("And {many} more; the whole corrected text is here: {url}").format(
                    many=rest, url=self.url
                )
            )
        elif rest > 0:
            told.append(self.translate("And {many} more; the whole corrected text is below.").format(many=rest))
        return " ".join(told)

    def _told(self, one: Passage) -> str:
        """One change: in which place, what it said and what it should say."""
        if one.where == "file":
            return self.translate("The file {name} was replaced.").format(name=one.after)
        place = self._place(one.where)
        before, after = shortened(one.before, _LONGEST), shortened(one.after, _LONGEST)
        if not before:
            return self.translate("{place} is added: “{after}”.").format(place=place, after=after)
        if not after:
            return self.translate("{place} is left out: “{before}”.").format(place=place, before=before)
        return self.translate("{place}, IT SAYS: “{before}”. IT SHOULD SAY: “{after}”.").format(
            place=place, before=before, after=after
        )

    def _place(self, where: str) -> str:
        """En el titular"""
        translate = self.translate
        return {
            "kind": translate("In its name"),
            "date": translate("In its date"),
            "dateline": translate("In the dateline"),
            "headline": translate("In the headline"),
            "subhead": translate("In the subhead"),
            "summary": translate("In the summary"),
            "caption": translate("Below the pictures"),
            "picture": translate("Among the pictures"),
            "event-time": translate("In day and hour of the event"),
            "event-place": translate("In the event’s place"),
            "accreditation": translate("In the accreditation"),
            "link": translate("In the links"),
            "attachment": translate("Among the attachments"),
            "contact": translate("In the press contact"),
        }.get(where, translate("In the text"))

    def kill(self, kill: Kill, phone: str = "", event: Event | None = None) -> str:
        """What everybody is told who may have a release that is of no effect any more.

        `event`: what was invited to, where that does not take place.
        """
        reason = _sentence(kill.reason)
        if event is None:
            told = [
                _sentence(self.translate("OF NO EFFECT: {which}").format(which=self._which(kill.at))),
                self.translate(
                    "We ask you not to publish it and, if it was published, to consider taking it down. "
                    "Reason: {reason}"
                ).format(reason=reason),
                self.translate("Questions: {phone}.").format(phone=phone) if phone else "",
            ]
        else:
            told = [
                cancelled(event, self.words),
                self._new_date(kill),
                self.translate("Reason: {reason}").format(reason=reason),
                self.translate("Information: {phone}.").format(phone=phone) if phone else "",
            ]
        return " ".join(filter(None, told))

    def _new_date(self, kill: Kill) -> str:
        if kill.new_date == "later":
            return self.translate("The new date will be announced in this way.")
        return self.translate("For the time being there is no new date.") if kill.new_date == "none" else ""

    def embargo_moved(self, until: datetime, *, lifted: bool) -> str:
        """What everybody is told who holds a release whose embargo has another end."""
        if lifted:
            return self.translate("EMBARGO LIFTED. {reference} may be published from now on.").format(
                reference=self.reference
            )
        return self.translate(
            "NEW EMBARGO. {reference} is not for publication or distribution, in whole or in part, before {hours} on "
            "{day}."
        ).format(reference=self.reference, hours=self.hours(until), day=self.words.weekday(until))

    def subject(
        self,
        purpose: Purpose,
        usual: str,
        until: datetime | None = None,
        *,
        event: Event | None = None,
        moved: tuple[Event, Event] | None = None,
    ) -> str:
        """The subject of a mail that is about an earlier one; `usual` is the release's own.

        `event` is one that does not take place, `moved` one that has another time or place.
        """
        headline = self.text.headline
        if purpose is Purpose.KILL:
            return self._of_no_effect(event)
        if moved and purpose in (Purpose.ADDITION, Purpose.ERRATUM):
            label = move(*moved, self.words).label.upper()
            return f"{label} | {self._when_and_where(moved[1])} | {headline}"
        if purpose is Purpose.ADDITION:
            return self.translate("ADDITION to {reference} | {headline}").format(
                reference=self.reference, headline=headline
            )
        if purpose is Purpose.ERRATUM:
            return self.translate("CORRECTION to {reference} | {headline}").format(
                reference=self.reference, headline=headline
            )
        if purpose is Purpose.EMBARGO and until:
            return self.translate("EMBARGO until {moment} {zone}: {reference} | {headline}").format(
                moment=self.words.short(until),
                zone=self.words.short_zone(),
                reference=self.reference,
                headline=headline,
            )
        if purpose is Purpose.EMBARGO:
            return self.translate("EMBARGO LIFTED: {reference} | {headline}").format(
                reference=self.reference, headline=headline
            )
        return usual

    def _of_no_effect(self, event: Event | None) -> str:
        headline = self.text.headline
        if event:
            return self.translate("CANCELLED | {event} | {headline}").format(
                event=self._when_and_where(event), headline=headline
            )
        if any(letter.isdigit() for letter in self.reference):
            return self.translate("PLEASE DISREGARD {reference} (of no effect)").format(reference=self.reference)
        # Without a number only its headline tells which it is.
        return self.translate("PLEASE DISREGARD {reference} “{headline}” (of no effect)").format(
            reference=self.reference, headline=headline
        )

    def _when_and_where(self, event: Event) -> str:
        """mié 25 nov, 9:00 h, Palacio de Gobierno"""
        place = event.place or self.text.dateline.split(",")[0].strip()
        return ", ".join(filter(None, (short_time(event, self.words), place)))


def _besides(passages: tuple[Passage, ...], moved: Move) -> tuple[Passage, ...]:
    """What changed besides what a moved event tells by itself."""
    return tuple(one for one in passages if one.where not in moved.tells)


def _sentence(text: str) -> str:
    """A text with a stop at its end."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…", "”")) else f"{text}."
