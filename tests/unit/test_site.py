"""The newsroom's lists: every release in the right ones, every link to something that is there, nothing made twice."""

import posixpath
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.offices import ROOT, SETTINGS, an_office

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card, Named, TextCard, Thumb, named
from comsoc_cli.newsroom.site import SiteFile, files
from comsoc_cli.office.settings import open_office, read_settings
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
        kind=Named(slug="boletin", name="Boletín"),
        headline=f"Titular {number} <b>",
        description=f"Resumen {number} & más",
        reference=f"Boletín {number}",
        day="23 de noviembre de 2026",
        year=2026,
        href=f"releases/{slug}/",
        url=f"https://prensa.sinaloa.example/releases/{slug}/",
        id=f"https://prensa.sinaloa.example/releases/{slug}/",
        image=None,
        languages=(),
        language="es-MX",
        body="<p>Texto &amp; más</p>",
        topics=named(["educacion"], {"educacion": "Educación"}),
        agencies=named(["sepyc"], {}),
        municipalities=named(["culiacan"], {}),
        iso="2026-11-23T10:00:00-07:00",
        iso_published="2026-11-23T10:00:00-07:00",
        iso_updated="2026-11-23T10:00:00-07:00",
        digest=f"digest {number}",
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def a_thumb(number: int) -> Thumb:
    folder = f"releases/becas-{number}/media"
    return Thumb(href=f"{folder}/foto.jpg", alt="", width=1200, height=800, copies=((480, f"{folder}/480/foto.jpg"),))


IN_ENGLISH_TOO = (
    TextCard(
        language="es-MX",
        name="Español",
        href="index.html",
        headline="Titular 1",
        description="Ya",
        reference="Boletín 1",
        day="23 de noviembre de 2026",
        current=True,
    ),
    TextCard(
        language="en",
        name="English",
        href="index.en.html",
        headline="Scholarships",
        description="Now",
        reference="Press release 1",
        day="November 23, 2026",
    ),
)


def the_site(settings: Settings, templates: Templates, *cards: Card, now: datetime = NOW) -> dict[str, SiteFile]:
    return {file.path: file for file in files(settings, templates, cards, now)}


def text(file: SiteFile) -> str:
    return file.render().decode()


def headlines(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*><a [^>]*>Titular (\d+)", page)


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
    cards = [a_card(number, image=a_thumb(number)) for number in range(45)]
    cards[3] = replace(cards[3], languages=(spanish, english), topics=named(["Obra pública", "obra-publica"], {}))
    site = the_site(settings, templates, *cards)
    there = {"", *site, *(posixpath.dirname(path) + "/" for path in site)}
    for path, file in site.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        page = text(file)
        copies = [one.split()[0] for found in re.findall(r'srcset="([^"]+)"', page) for one in found.split(", ")]
        for link in [*re.findall(r'(?:href|src)="([^"#]+)"', page), *copies]:
            if "://" in link or link.startswith("mailto:"):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            target = "" if target == "." else target + ("/" if link.endswith("/") else "")
            assert target in there or target.startswith("releases/"), (path, link)
            assert url or not link.endswith("/"), "without an address the site is opened from a folder"


def test_each_release_stands_in_the_lists_of_its_year_kind_topic_agency_and_municipality(
    settings: Settings, templates: Templates
) -> None:
    notice = Named(slug="aviso", name="Aviso")
    other = a_card(
        2, year=2025, kind=notice, topics=named(["agua"], {}), agencies=(), municipalities=named(["ahome"], {})
    )
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
    both = named(["Obra pública", "obra-publica"], {})
    site = the_site(settings, templates, a_card(1, topics=both), a_card(2, topics=()))
    assert headlines(text(site["topics/obra-publica/index.html"])) == ["1"]


def test_an_office_says_how_topics_agencies_and_municipalities_are_written(tmp_path: Path) -> None:
    written = """
[topics]
obra-publica = "Obra pública"
[agencies]
obra-publica = "Secretaría de Obras Públicas"
"""
    settings = open_office(an_office(tmp_path, {"comsoc.toml": SETTINGS + written})).settings
    names = ["obra-publica", "agua-potable", "Obra Pública"]
    assert [one.name for one in named(names, settings.topics)] == ["Obra pública", "Agua potable"]
    assert [one.name for one in named(names, settings.agencies)] == ["Secretaría de Obras Públicas", "Agua potable"]


@pytest.mark.parametrize(
    ("line", "told"), [('"educación" = "Educación"', "educacion"), ('agua = " "', "a text on one line")]
)
def test_a_name_that_no_release_could_have_is_told_by_its_line(tmp_path: Path, line: str, told: str) -> None:
    folder = an_office(tmp_path, {"comsoc.toml": f"{SETTINGS}\n[topics]\n{line}\n"})
    settings, [problem] = read_settings(folder)
    assert settings is None
    assert told in str(problem.message)
    assert problem.line == len((folder / "comsoc.toml").read_text().splitlines())


def test_translations_have_a_front_page_of_their_own(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, a_card(1, languages=IN_ENGLISH_TOO), a_card(2))
    page = text(site["en/index.html"])
    assert '<html lang="en">' in page
    assert "<h1>Newsroom</h1>" in page
    assert "Scholarships" in page
    assert "Press release 1" in page
    assert "../releases/becas-1/index.en.html" in page
    assert "becas-2" not in page
    assert "noviembre" not in page


def test_the_front_pages_in_all_languages_name_each_other(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, a_card(1, languages=IN_ENGLISH_TOO))
    for path in ("index.html", "en/index.html"):
        assert re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', text(site[path])) == [
            ("es-MX", "https://prensa.sinaloa.example/"),
            ("en", "https://prensa.sinaloa.example/en/"),
        ]
    assert '<a href="en/" hreflang="en" lang="en">English</a>' in text(site["index.html"])
    assert '<a href="../" hreflang="es-MX" lang="es-MX">Español</a>' in text(site["en/index.html"])
    assert "hreflang" not in text(the_site(settings, templates, a_card(1))["index.html"])


def test_what_was_written_in_another_language_stands_there_and_in_the_translation_here(
    settings: Settings, templates: Templates
) -> None:
    spanish, english = IN_ENGLISH_TOO
    texts = (replace(english, current=True, href="index.html"), replace(spanish, current=False, href="index.es.html"))
    foreign = a_card(1, language="en", headline="Scholarships", languages=texts)
    site = the_site(settings, templates, foreign)
    assert 'href="releases/becas-1/index.es.html">Titular 1' in text(site["index.html"])
    assert 'href="../releases/becas-1/">Scholarships' in text(site["en/index.html"])
    assert "es/index.html" not in site


def test_the_map_names_every_page_and_its_translations(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, a_card(1), a_card(2))
    found = [
        one.text or ""
        for one in ElementTree.fromstring(site["sitemap.xml"].render()).iter()
        if one.tag.endswith("}loc")
    ]
    assert "https://prensa.sinaloa.example/releases/becas-1/" in found
    assert "https://prensa.sinaloa.example/topics/educacion/" in found
    assert "https://prensa.sinaloa.example/archive/" in found
    assert len(found) == len(set(found))


def test_each_language_of_a_release_is_mapped_and_names_all_of_them(settings: Settings, templates: Templates) -> None:
    site = the_site(settings, templates, a_card(1, languages=IN_ENGLISH_TOO))
    release = "https://prensa.sinaloa.example/releases/becas-1/"
    named = {
        url[0].text: [(link.get("hreflang"), link.get("href")) for link in url if link.tag.endswith("}link")]
        for url in ElementTree.fromstring(site["sitemap.xml"].render())
    }
    both = [("es-MX", release), ("en", f"{release}index.en.html")]
    assert named[release] == named[f"{release}index.en.html"] == both


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
    cards = [a_card(number, topics=named(["agua" if number > 40 else "educacion"], {})) for number in range(45)]
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
    folder = ROOT / "templates"
    assert {"site_base.html", "site_index.html", "site_archive.html", "site_404.html", "site.css", "robots.txt"} <= {
        path.name for path in folder.iterdir()
    }


def test_what_is_of_no_effect_is_a_line_and_the_newest_that_stands_leads(
    settings: Settings, templates: Templates
) -> None:
    void = a_card(3, headline="Queda sin efecto: Boletín 3", description="Solicitamos no publicarlo.", is_void=True)
    site = the_site(settings, templates, void, a_card(2, image=a_thumb(2)), a_card(1, image=a_thumb(1)))
    page = text(site["index.html"])
    assert headlines(page) == ["2", "1"]
    [line] = re.findall(r'<li class="void".*?</li>', page, re.DOTALL)
    assert re.search(r'href="releases/becas-3/"[^>]*>Queda sin efecto: Boletín', line)
    assert 'href="corrections/"' in line
    assert "Solicitamos" not in page
    [leading] = re.findall(r'<li class="leading">.*?</li>', page, re.DOTALL)
    assert "Titular 2" in leading
    everything_void = text(the_site(settings, templates, void)["index.html"])
    assert "Queda sin efecto" in everything_void
