"""What programs read of the newsroom: feeds that name what they show, and ninjs as its schema has it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.offices import PIXEL
from support.texts import EVENT, a_text, approved, some_settings, with_picture

from comsoc_cli.model.release import Correction
from comsoc_cli.model.settings import OfficeSettings, Settings
from comsoc_cli.newsroom.card import Card, card
from comsoc_cli.newsroom.feeds import ninjs
from comsoc_cli.newsroom.site import files
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.notices import Corrected
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.rendering.views import Viewer

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
NOWHERE = some_settings(office=OfficeSettings(name="Comunicación Social"))
#: The properties of ninjs 2.1 that are texts, or have a list of values (iptc.org/std/ninjs/ninjs-schema_2.1.json).
TEXTS = {
    "uri", "version", "firstcreated", "versioncreated", "embargoed", "ednote", "language", "located", "copyrightholder",
}  # fmt: skip
VALUES = {
    "type": {"text", "audio", "video", "picture", "graphic", "composite", "component"},
    "representationtype": {"full", "partial"},
    "pubstatus": {"usable", "withheld", "canceled"},
}
#: The properties that are lists of records, and what these may hold.
RECORDS = {
    "headlines": {"role", "contenttype", "value"},
    "descriptions": {"role", "contenttype", "value"},
    "bodies": {"role", "contenttype", "charcount", "wordcount", "value"},
    "subjects": {"name", "rel", "uri", "literal", "creator", "relevance", "confidence"},
    "organisations": {"name", "rel", "uri", "literal", "symbols", "contactinfo"},
    "places": {"name", "rel", "uri", "literal", "contactinfo", "geojson"},
    "infosources": {"name", "role", "uri", "literal", "contactinfo"},
    "genres": {"name", "uri", "literal"},
    "renditions": {"name", "href", "contenttype", "title", "height", "width", "sizeinbytes", "duration", "format"},
}


def a_ninjs(shown: Presentation, settings: Settings | None = None) -> dict[str, Any]:
    """A release as ninjs, and whether the schema has all of it."""
    item: dict[str, Any] = json.loads(ninjs(Viewer(settings or some_settings()), shown))
    assert set(item.pop("standard")) == {"name", "version", "schema"}
    assert_is_ninjs(item)
    return item


def assert_is_ninjs(item: Mapping[str, Any]) -> None:
    assert ":" in item["uri"], "an absolute address or name"
    for key, value in item.items():
        if key in RECORDS:
            assert all(one for record in value for one in record.values()), f"nothing is said in {key}"
            assert all(set(record) <= RECORDS[key] for record in value), key
            assert all(isinstance(one, str) for record in value for one in record.values()), key
        elif key == "associations":
            for one in value:
                assert_is_ninjs({name: said for name, said in one.items() if name != "name"})
        else:
            assert isinstance(value, str), key
            assert key in TEXTS or value in VALUES[key], (key, value)


def a_card(settings: Settings | None = None, *, shown: Mapping[str, Any] | None = None, **changes: Any) -> Card:
    return card(Viewer(settings or some_settings()), approved(a_text(**changes), **(shown or {})))


def the_site(*cards: Card, settings: Settings | None = None) -> dict[str, bytes]:
    return {file.path: file.render() for file in files(settings or some_settings(), Templates(None), cards, NOW)}


def the_atom(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def test_an_atom_feed_has_what_the_standard_demands_and_a_topic_has_its_own() -> None:
    site = the_site(a_card(topics=("educacion",)), a_card(slug="agua", headline="Agua <b>", topics=("agua",)))
    for path, many in (("feed.atom", 2), ("topics/agua/feed.atom", 1)):
        feed = the_atom(site[path])
        assert feed.findtext(f"{ATOM}id") == f"https://prensa.example/{path}"
        assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"https://prensa.example/{path}"  # type: ignore[union-attr]
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == many
        assert entries[-1].findtext(f"{ATOM}title") == "Agua <b>"
        assert "El programa arranca hoy." in (entries[-1].findtext(f"{ATOM}content") or "")
        assert entries[-1].find(f"{ATOM}link").get("href") == "https://prensa.example/releases/agua/"  # type: ignore[union-attr]
    assert "kinds/boletin/feed.atom" not in site


def test_a_topic_is_written_as_the_office_writes_it_wherever_it_is_named() -> None:
    settings = some_settings(topics={"educacion": "Educación"})
    site = the_site(a_card(settings, topics=("educacion",)), settings=settings)
    category = the_atom(site["feed.atom"]).find(f"{ATOM}entry/{ATOM}category")
    assert category is not None
    assert (category.get("term"), category.get("label")) == ("educacion", "Educación")
    assert json.loads(site["feed.json"])["items"][0]["tags"] == ["Educación"]
    assert "<h1>Tema: Educación</h1>" in site["topics/educacion/index.html"].decode()


def test_a_correction_is_newer_than_what_it_corrects() -> None:
    noon = datetime(2026, 11, 23, 19, tzinfo=UTC)
    first, second = a_card(), a_card(shown={"revision": 2, "approved": noon})
    assert first.iso_updated == first.iso_published == "2026-11-23T10:00:00-07:00"
    assert (second.iso_published, second.iso_updated) == (first.iso_published, "2026-11-23T12:00:00-07:00")
    feed = the_atom(the_site(second, first)["feed.atom"])
    assert feed.findtext(f"{ATOM}updated") == second.iso_updated


def test_a_json_feed_has_what_the_standard_demands() -> None:
    feed = json.loads(the_site(a_card(), a_card(slug="agua", topics=("agua",)))["topics/agua/feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "https://prensa.example/topics/agua/"
    assert feed["feed_url"] == "https://prensa.example/topics/agua/feed.json"
    [item] = feed["items"]
    assert item["id"] == item["url"] == "https://prensa.example/releases/agua/"
    assert item["date_published"] == "2026-11-23T10:00:00-07:00"
    assert "El programa arranca hoy." in item["content_html"]


def test_without_an_address_feeds_name_none_that_does_not_exist() -> None:
    site = the_site(a_card(NOWHERE, topics=("agua",)), settings=NOWHERE)
    feed = the_atom(site["topics/agua/feed.atom"])
    assert (feed.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
    assert feed.find(f"{ATOM}link[@rel='self']") is None
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.find(f"{ATOM}link").get("href") == "../../releases/becas/index.html"  # type: ignore[union-attr]
    as_json = json.loads(site["feed.json"])
    assert not {"home_page_url", "feed_url"} & set(as_json)
    assert "url" not in as_json["items"][0]


def test_a_release_is_ninjs_as_its_schema_has_it(tmp_path: Path) -> None:
    release = replace(
        with_picture(tmp_path, PIXEL), subhead="Desde hoy", topics=("educacion",), agencies=("sepyc",),
        municipalities=("culiacan",),
    )  # fmt: skip
    settings = some_settings(municipalities={"culiacan": "Culiacán"})
    item = a_ninjs(approved(release), settings)
    assert item["uri"] == "https://prensa.example/releases/becas/"
    assert (item["pubstatus"], item["version"]) == ("usable", "1")
    assert not {"embargoed", "ednote"} & set(item)
    assert [headline["value"] for headline in item["headlines"]] == ["Arranca el programa de becas", "Desde hoy"]
    assert item["places"] == [{"name": "Culiacán", "literal": "culiacan"}]
    assert item["associations"][0]["renditions"][0]["href"].endswith("/releases/becas/media/foto.png")


def test_ninjs_of_a_picture_without_words_says_none(tmp_path: Path) -> None:
    [picture] = a_ninjs(approved(with_picture(tmp_path, PIXEL, alt="")))["associations"]
    assert not {"headlines", "descriptions"} & set(picture)


def test_ninjs_of_an_embargoed_release_withholds_it_and_says_until_when() -> None:
    release = a_text(embargo=NOW + timedelta(hours=1))
    item = a_ninjs(approved(release, embargoed=True))
    assert item["pubstatus"] == "withheld"
    assert item["embargoed"] == "2026-11-23T12:00:00-07:00"
    assert item["ednote"].startswith("INFORMACIÓN EMBARGADA.")


def test_ninjs_of_a_correction_has_its_version_and_a_note() -> None:
    noon = datetime(2026, 11, 23, 19, tzinfo=UTC)
    corrected = Corrected(correction=Correction(revision=2, note="Eran 84 mil"), at=noon)
    item = a_ninjs(approved(a_text(), revision=2, approved=noon, history=(corrected,)))
    assert item["version"] == "2"
    assert item["versioncreated"] == "2026-11-23T12:00:00-07:00"
    assert "Eran 84 mil." in item["ednote"]


def test_a_draft_as_ninjs_is_not_for_use() -> None:
    item = a_ninjs(approved(a_text(), revision=0))
    assert item["pubstatus"] == "withheld"
    assert item["ednote"]


def test_ninjs_of_an_office_without_an_address_names_its_pictures_all_the_same(tmp_path: Path) -> None:
    item = a_ninjs(approved(with_picture(tmp_path, PIXEL)), NOWHERE)
    assert item["uri"] == "urn:comsoc:becas"
    assert item["associations"][0]["uri"] == "urn:comsoc:becas:picture1"
    assert item["associations"][0]["renditions"] == []


@pytest.mark.parametrize("hours", [-48, 48])
def test_an_invitation_is_in_the_calendar_while_it_is_to_come(hours: int) -> None:
    start = NOW + timedelta(hours=hours)
    site = the_site(a_card(kind="invitacion", event=replace(EVENT, start=start, end=None)))
    assert (b"BEGIN:VEVENT" in site["events.ics"]) is (hours > 0)
