"""The newsroom's lists: every release in the right ones, every link to something that is there, nothing made twice."""

import json
import posixpath
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.offices import an_office

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card, TextCard
from comsoc_cli.newsroom.site import SiteFile, files
from comsoc_cli.office.settings import open_office
from comsoc_cli.rendering.calendar import CalendarEntry
from comsoc_cli.rendering.templates import Templates

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return open_office(an_office(tmp_path_factory.mktemp("office"))).settings


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(None)


def a_card(number: int, **changes: object) -> Card:
    slug = f"becas-{number}"
    found = Card(
        slug=slug,
        kind="boletin",
        headline=f"Titular {number} <b>",
        description=f"Resumen {number} & más",
        reference=f"Boletín {number}",
        label="Boletín",
        day="23 de noviembre de 2026",
        year=2026,
        href=f"releases/{slug}/",
        url=f"https://prensa.sinaloa.example/releases/{slug}/",
        id=f"https://prensa.sinaloa.example/releases/{slug}/",
        image="",
        image_alt="",
        languages=(),
        language="es-MX",
        body="<p>Texto &amp; más</p>",
        topics=("educacion",),
        agencies=("sepyc",),
        municipalities=("culiacan",),
        iso="2026-11-23T10:00:00-07:00",
        iso_published="2026-11-23T10:00:00-07:00",
        iso_updated="2026-11-23T10:00:00-07:00",
        digest=f"digest {number}",
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def the_site(settings: Settings, templates: Templates, *cards: Card, now: datetime = NOW) -> dict[str, SiteFile]:
    return {file.path: file for file in files(settings, templates, cards, now)}


def text(file: SiteFile) -> str:
    return file.render().decode()


def headlines(page: str) -> list[str]:
    return re.findall(r"<h2><a [^>]*>Titular (\d+)", page)


def test_lists_come_in_pages_of_twenty_and_nobody_is_lost(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, *map(a_card, range(45)))
    pages = [text(site[path]) for path in ("index.html", "page/2/index.html", "page/3/index.html")]
    assert [len(headlines(page)) for page in pages] == [20, 20, 5]
    assert [number for page in pages for number in headlines(page)] == [str(number) for number in range(45)]
    assert "page/4/index.html" not in site


@pytest.mark.parametrize("url", ["https://prensa.sinaloa.example", ""])
def test_every_link_leads_to_what_is_there(settings: Settings, templates: Templates, url: str) -> None:
    settings = replace(settings, office=replace(settings.office, url=url))
    english = TextCard(language="en", name="English", href="index.en.html", headline="Titular 9", description="")
    spanish = replace(english, language="es-MX", name="Español", href="index.html", current=True)
    cards = [a_card(number, image=f"releases/becas-{number}/media/foto.jpg") for number in range(45)]
    cards[3] = replace(cards[3], languages=(spanish, english), topics=("Obra pública", "obra-publica"))
    site = the_site(settings, templates, *cards)
    there = {"", *site, *(posixpath.dirname(path) + "/" for path in site)}
    for path, file in site.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        for link in re.findall(r'(?:href|src)="([^"#]+)"', text(file)):
            if "://" in link or link.startswith("mailto:"):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            target = "" if target == "." else target + ("/" if link.endswith("/") else "")
            assert target in there or target.startswith("releases/"), (path, link)
            assert url or not link.endswith("/"), "without an address the site is opened from a folder"


def test_each_release_stands_in_the_lists_of_its_year_kind_topic_agency_and_municipality(
    settings: Settings, templates: Templates
) -> None:
    other = a_card(2, year=2025, kind="aviso", label="Aviso", topics=("agua",), agencies=(), municipalities=("ahome",))
    site = the_site(settings, templates, a_card(1), other)
    for path, found in {
        "archive/2026/": ["1"], "archive/2025/": ["2"], "kinds/aviso/": ["2"], "topics/agua/": ["2"],
        "topics/educacion/": ["1"], "agencies/sepyc/": ["1"], "municipalities/ahome/": ["2"],
    }.items():  # fmt: skip
        assert headlines(text(site[f"{path}index.html"])) == found
    overview = text(site["archive/index.html"])
    assert "../topics/agua/" in overview
    assert "../archive/2025/" in overview


def test_two_spellings_of_a_topic_share_a_list_and_a_release_stands_there_once(
    settings: Settings, templates: Templates
) -> None:
    site = the_site(settings, templates, a_card(1, topics=("Obra pública", "obra-publica")), a_card(2, topics=()))
    assert headlines(text(site["topics/obra-publica/index.html"])) == ["1"]


def test_the_office_says_how_its_topics_are_written(settings: Settings, templates: Templates) -> None:
    cards = [a_card(1, topics=("obra-publica", "agua-potable"))]
    named = replace(settings, topics={"obra-publica": "Obra pública"})
    overview = text(the_site(named, templates, *cards)["archive/index.html"])
    assert ">Obra pública<" in overview
    assert ">Agua potable<" in overview


def test_translations_have_a_front_page_of_their_own(settings: Settings, templates: Templates) -> None:
    texts = (
        TextCard(language="es-MX", name="Español", href="index.html", headline="x", description="", current=True),
        TextCard(language="en", name="English", href="index.en.html", headline="Scholarships", description="Now"),
    )
    page = text(the_site(settings, templates, a_card(1, languages=texts), a_card(2))["en/index.html"])
    assert '<html lang="en">' in page
    assert "Scholarships" in page
    assert "../releases/becas-1/index.en.html" in page
    assert "becas-2" not in page


def test_feeds_are_well_formed_and_a_topic_has_its_own(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, a_card(1), a_card(2, topics=("agua",)))
    for path, many in (("feed.atom", 2), ("topics/agua/feed.atom", 1)):
        feed = ElementTree.fromstring(site[path].render())
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == many
        assert entries[-1].findtext(f"{ATOM}content") == "<p>Texto &amp; más</p>"
        assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith(path)  # type: ignore[union-attr]
    document = json.loads(site["topics/agua/feed.json"].render())
    assert [item["title"] for item in document["items"]] == ["Titular 2 <b>"]
    assert "kinds/boletin/feed.atom" not in site


def test_the_map_names_every_page_and_its_translations(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, a_card(1), a_card(2))
    found = [
        one.text or ""
        for one in ElementTree.fromstring(site["sitemap.xml"].render()).iter()
        if one.tag.endswith("}loc")
    ]
    assert "https://prensa.sinaloa.example/releases/becas-1/" in found
    assert "https://prensa.sinaloa.example/topics/educacion/" in found
    assert len(found) == len(set(found))


def test_the_calendar_has_what_is_still_to_come(settings: Settings, templates: Templates) -> None:
    def event(hours: int) -> CalendarEntry:
        start = NOW + timedelta(hours=hours)
        return CalendarEntry(
            uid=f"{hours}@x", stamp=NOW, sequence=0, start=start, end=None, summary=f"Acto {hours}", location="Culiacán"
        )

    cards = [a_card(1, event=event(48)), a_card(2, event=event(-1)), a_card(3, event=event(2)), a_card(4)]
    site = the_site(settings, templates, *cards)
    calendar = text(site["events.ics"])
    assert re.findall(r"SUMMARY:(.+)\r", calendar) == ["Acto 2", "Acto 48"]
    later = the_site(settings, templates, *cards, now=NOW + timedelta(hours=3))
    assert later["events.ics"].key != site["events.ics"].key


def test_a_list_is_made_anew_only_when_what_it_shows_has_changed(settings: Settings, templates: Templates) -> None:
    cards = [a_card(number, topics=("agua",) if number > 40 else ("educacion",)) for number in range(45)]
    before = the_site(settings, templates, *cards)
    cards[44] = replace(cards[44], digest="other")
    after = the_site(settings, templates, *cards)
    changed = {path for path in after if after[path].key != before[path].key}
    assert "page/3/index.html" in changed
    assert "topics/agua/feed.atom" in changed
    assert not changed & {
        "index.html",
        "page/2/index.html",
        "topics/educacion/index.html",
        "archive/index.html",
        "404.html",
    }


def test_an_empty_newsroom_says_so(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates)
    assert "empty" in text(site["index.html"])
    assert ElementTree.fromstring(site["feed.atom"].render()).findall(f"{ATOM}entry") == []
    assert "Sitemap: https://prensa.sinaloa.example/sitemap.xml" in text(site["robots.txt"])
    assert "https://prensa.sinaloa.example/" in text(site["404.html"])


def test_pages_come_before_what_leads_to_them(settings: Settings, templates: Templates) -> None:
    paths = [file.path for file in files(settings, templates, [a_card(number) for number in range(45)], NOW)]
    assert paths.index("page/2/index.html") < paths.index("index.html") < paths.index("feed.atom")
    assert paths[-1] == "sitemap.xml"


def test_packaged_templates_of_the_site_are_there() -> None:
    folder = Path(__file__).parent.parent / "templates"
    assert {"site_base.html", "site_index.html", "site_archive.html", "site_404.html", "robots.txt"} <= {
        path.name for path in folder.iterdir()
    }
