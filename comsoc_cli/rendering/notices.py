"""What journalists are told beside the text: embargo, corrections, that a release is of no effect."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from comsoc_cli.model.approval import Kill
from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.release import Correction, Release
from comsoc_cli.model.zones import zone_named
from comsoc_cli.rendering.wording import Wording, feminine

#: What stands otherwise in a Spanish sentence where the kind of release is a feminine noun.
_AGREEING = (
    ("al {reference}", "a la {reference}"),
    ("Al {reference}", "A la {reference}"),
    ("el {reference}", "la {reference}"),
    ("El {reference}", "La {reference}"),
    ("publicarlo", "publicarla"),
    ("retirarlo", "retirarla"),
)


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """What one revision changed, and when it was approved."""

    correction: Correction
    at: datetime

    @property
    def purpose(self) -> Purpose:
        return Purpose.ADDITION if self.correction.addition else Purpose.ERRATUM


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    """One of `release.corrections`: what a revision changed."""

    label: str  #: "Fe de erratas" or "Alcance"
    day: str  #: when it was approved: "23 de noviembre de 2026, 12:00 h"
    iso: str
    text: str
    revision: int
    is_addition: bool


class Notices:
    """The notices of one text, in its language; `reference` is "Boletín 412"."""

    def __init__(self, words: Wording, text: Release, reference: str, zones: tuple[str, ...] = ()) -> None:
        self.words = words
        self.text = text
        self.reference = reference
        self.zones = zones
        self._catalogue = words.translate()

    def translate(self, sentence: str) -> str:
        """A sentence in the text's language; in Spanish it agrees with the noun: al Boletín, a la Invitación."""
        translated = self._catalogue(sentence)
        if self.words.spanish and feminine(self.reference):
            for masculine, other in _AGREEING:
                translated = translated.replace(masculine, other)
        return translated

    def embargo(self, moment: datetime) -> str:
        """The notice that nobody overlooks."""
        return self.translate(
            "EMBARGOED. Not for publication or distribution, in whole or in part, before {hours} on {day}. "
            "If your outlet does not accept the embargo, tell us before you use it."
        ).format(hours=self.hours(moment), day=self.words.weekday(moment))

    def hours(self, moment: datetime) -> str:
        """18:00 h de Sinaloa (19:00 h del centro del país)"""
        words = self.words
        here = self.translate("{hour}, {zone}").format(hour=words.hour(moment), zone=words.zone_name())
        others = []
        for name in self.zones:
            there = Wording(words.language, zone_named(name))
            same_day = moment.astimezone(there.zone).date() == moment.astimezone(words.zone).date()
            hour = there.hour(moment) if same_day else there.short(moment)
            others.append(self.translate("{hour}, {zone}").format(hour=hour, zone=there.zone_name()))
        return f"{here} ({'; '.join(others)})" if others else here

    def correction(self, history: tuple[Corrected, ...]) -> str:
        """What stands on top of a mail that corrects: the newest, and what was corrected before.

        Somebody may have the first text and none of the corrections between.
        """
        before = tuple(one for one in history[:-1] if not one.correction.minor)
        newest = self._correction(history[-1].correction)
        if not before:
            return newest
        told = " ".join(one.text for one in self.corrections(before))
        return self.translate("{newest} Corrected before: {before}").format(newest=newest, before=told)

    def _correction(self, one: Correction) -> str:
        if one.addition:
            return self.translate("ADDITION. To {reference} is added: {note}").format(
                reference=self.reference, note=one.note
            )
        if not one.said:
            return self.translate(
                "CORRECTION. In {reference} of {day}: {note} If you have published it, please correct it. We apologize."
            ).format(reference=self.reference, day=self.words.day(self.text.date), note=_sentence(one.note))
        return self.translate(
            "CORRECTION. In {reference} of {day}, IT SAYS: “{said}”. IT SHOULD SAY: “{should}”. {note}The rest does not"
            " change. If you have published it, please correct it. We apologize."
        ).format(
            reference=self.reference,
            day=self.words.day(self.text.date),
            said=one.said,
            should=one.should,
            note=f"{_sentence(one.note)} " if one.note else "",
        )

    def corrections(self, history: tuple[Corrected, ...]) -> Iterator[CorrectionView]:
        """What was corrected and when, the newest first."""
        for one in reversed(history):
            correction = one.correction
            says = self.translate("It said: “{said}”. It should say: “{should}”.").format(
                said=correction.said, should=correction.should
            )
            text = " ".join(part for part in (says if correction.said else "", _sentence(correction.note)) if part)
            yield CorrectionView(
                label=self.translate("Addition") if correction.addition else self.translate("Correction"),
                day=f"{self.words.day(one.at)}, {self.words.hour(one.at)}",
                iso=one.at.astimezone(self.words.zone).isoformat(timespec="seconds"),
                text=text,
                revision=correction.revision,
                is_addition=correction.addition,
            )

    def kill(self, kill: Kill, phone: str = "") -> str:
        """What everybody is told who may have a release that is of no effect any more."""
        doubts = self.translate("Questions: {phone}.").format(phone=phone) if phone else ""
        told = self.translate(
            "OF NO EFFECT: {reference} of {day}. We ask you not to publish it and, if it was published, to take it "
            "down. Reason: {reason}"
        ).format(reference=self.reference, day=self.words.day(self.text.date), reason=_sentence(kill.reason))
        return f"{told} {doubts}".strip()

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

    def subject(self, purpose: Purpose, usual: str, until: datetime | None = None) -> str:
        """The subject of a mail that is about an earlier one; `usual` is the release's own."""
        headline = self.text.headline
        if purpose is Purpose.KILL and self.reference[-1:].isdigit():
            return self.translate("OF NO EFFECT: {reference}, do not publish").format(reference=self.reference)
        if purpose is Purpose.KILL:  # without a number only its headline tells which it is
            return self.translate("OF NO EFFECT: {reference} “{headline}”, do not publish").format(
                reference=self.reference, headline=headline
            )
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


def _sentence(text: str) -> str:
    """A text with a stop at its end."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…", "”")) else f"{text}."
