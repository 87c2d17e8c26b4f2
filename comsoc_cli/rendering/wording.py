"""Dates, hours and figures as a press office writes them."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal

from comsoc_cli.catalogue import translations
from comsoc_cli.model.release import primary
from comsoc_cli.rendering.record import Record

#: What people in Mexico call the hour of a zone; elsewhere the zone's city names it.
ZONES = {
    "America/Mazatlan": "de Sinaloa",
    "America/Mexico_City": "del centro del país",
    "America/Tijuana": "de Baja California",
    "America/Hermosillo": "de Sonora",
    "America/Cancun": "de Quintana Roo",
    "America/Chihuahua": "de Chihuahua",
    "America/Monterrey": "de Nuevo León",
    "America/Merida": "de Yucatán",
}

_FEMININE = ("a", "ión", "dad", "tud")
_MASCULINE = ("grama", "ema", "mapa", "día")


class Wording(Record):
    """One language's way of writing; `zone` is the office's."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone
        self.spanish = primary(language) == "es"
        self._locale = _locale(language)

    def day(self, moment: datetime) -> str:
        """23 de noviembre de 2026 · November 23, 2026"""
        return format_date(self._here(moment), "long", locale=self._locale)

    def weekday(self, moment: datetime) -> str:
        """lunes 23 de noviembre de 2026 · Monday, November 23, 2026"""
        return format_date(self._here(moment), "full", locale=self._locale).replace(
            ", ", " " if self.spanish else ", ", 1
        )

    def days(self, first: datetime, last: datetime, *, short: bool = False) -> str:
        """del 25 al 27 de noviembre de 2026 · November 25 to 27, 2026; short: del 25 al 27 nov · Nov 25 to 27"""
        one, other = self._here(first), self._here(last)
        same_year = one.year == other.year
        same_month = same_year and one.month == other.month
        if self.spanish:
            month = "d MMM" if short else "d 'de' MMMM"
            whole = month if short else f"{month} 'de' y"
            begin = "d" if same_month else month if same_year or short else whole
            return f"del {self._patterned(one, begin)} al {self._patterned(other, whole)}"
        month = "MMM d" if short else "MMMM d"
        whole = month if short else f"{month}, y"
        begin = month if same_year or short else whole
        end = whole.removeprefix("MMMM ").removeprefix("MMM ") if same_month else whole
        return f"{self._patterned(one, begin)} to {self._patterned(other, end)}"

    def same_day(self, one: datetime, other: datetime) -> bool:
        """Whether two moments are of one day here."""
        return self._here(one).date() == self._here(other).date()

    def hour(self, moment: datetime, *, whole: bool = False) -> str:
        """18:00 h · 6:00 p.m.; whole: 18:00 horas"""
        here = self._here(moment)
        if self.spanish:
            return f"{self.clock(moment)} {'horas' if whole else 'h'}"
        return f"{here.hour % 12 or 12}:{here.minute:02d} {'a.m.' if here.hour < 12 else 'p.m.'}"

    def clock(self, moment: datetime) -> str:
        """18:00 · 6:00 p.m."""
        here = self._here(moment)
        return f"{here.hour}:{here.minute:02d}" if self.spanish else self.hour(moment)

    def at_hour(self, moment: datetime) -> str:
        """a las 18:00 h, a la 1:00 h · at 6:00 p.m."""
        if not self.spanish:
            return f"at {self.hour(moment)}"
        return f"{'a la' if self._here(moment).hour == 1 else 'a las'} {self.hour(moment)}"

    def day_and_hour(self, moment: datetime, *, as_of: datetime) -> str:
        """23 de noviembre a las 10:00 h · November 23 at 10:00 a.m.; with its year where it is not that of `as_of`."""
        here = self._here(moment)
        if here.year != self._here(as_of).year:
            return f"{self.day(moment)} {self.at_hour(moment)}"
        day = self._patterned(here, "d 'de' MMMM" if self.spanish else "MMMM d")
        return f"{day} {self.at_hour(moment)}"

    def short(self, moment: datetime) -> str:
        """lun 23 nov, 18:00 h · Mon Nov 23, 6:00 p.m."""
        return f"{self.short_day(moment)}, {self.hour(moment)}"

    def short_day(self, moment: datetime) -> str:
        """lun 23 nov · Mon Nov 23"""
        return self._patterned(self._here(moment), "EEE d MMM" if self.spanish else "EEE MMM d")

    def zone_name(self) -> str:
        """de Sinaloa · Mazatlan time"""
        if self.spanish and self.zone.key in ZONES:
            return ZONES[self.zone.key]
        city = get_timezone_location(self.zone, locale=self._locale, return_city=True)
        return f"de {city}" if self.spanish else f"{city} time"

    def short_zone(self) -> str:
        """Sinaloa · Mazatlan time"""
        return self.zone_name().removeprefix("del ").removeprefix("de ")

    def figure(self, number: float) -> str:
        """1,250.5"""
        return format_decimal(number, locale=self._locale)

    def size(self, count: int) -> str:
        """2.1 MB"""
        if count < 1_000_000:
            return f"{max(1, round(count / 1000))} kB"
        return f"{self.figure(round(count / 1_000_000, 1))} MB"

    def dateline(self, place: str, moment: datetime) -> str:
        """Culiacán, Sinaloa, a 23 de noviembre de 2026.– · Culiacán, Sinaloa, November 23, 2026 –"""
        return f"{place}, a {self.day(moment)}.–" if self.spanish else f"{place}, {self.day(moment)} –"

    def translate(self) -> Callable[[str], str]:
        """The catalogue in this language."""
        return translations(self.language).gettext

    def _patterned(self, here: datetime, pattern: str) -> str:
        return format_datetime(here, pattern, locale=self._locale)

    def _here(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most, cut between two words where there are some."""
    if len(text) <= most:
        return text
    cut = text[: max(0, most - 1)]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.") + "…" if most else ""


def feminine(noun: str) -> bool:
    """Whether a Spanish noun, the first word of "Tarjeta informativa 3", is feminine, by its ending."""
    word = noun.split()[0].casefold() if noun.split() else ""
    return word.endswith(_FEMININE) and not word.endswith(_MASCULINE)


def language_name(language: str) -> str:
    """What a language calls itself, "Español" or "English"; its tag where that is not known."""
    try:
        return str(Locale.parse(primary(language)).get_language_name() or language).capitalize()
    except (UnknownLocaleError, ValueError):
        return language


def _locale(language: str) -> Locale:
    for tag in (language.replace("-", "_"), primary(language), "en"):
        try:
            return Locale.parse(tag)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")
