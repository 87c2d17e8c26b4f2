"""Other generators of sites, with the same texts and templates of the same content."""

from pathlib import Path

from bench.releases import Text

HUGO_SETTINGS = """
baseURL = "https://prensa.sinaloa.example/"
languageCode = "es-MX"
title = "Coordinación de Comunicación Social"
paginate = 20
disableKinds = ["section"]
[permalinks]
releases = "/releases/:slug/"
[outputs]
home = ["HTML", "RSS"]
[services.rss]
limit = 50
"""

_HEAD = """<!doctype html>
<html lang="es-MX"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title><meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}"><meta property="og:title" content="{{ .Title }}">
<meta property="og:description" content="{{ .Description }}"><meta property="og:url" content="{{ .Permalink }}">
<style>STYLE</style></head><body><header><p>Gobierno del Estado de Sinaloa</p>
<p><a href="/">Coordinación de Comunicación Social</a></p></header><main>
"""
_FOOT = """</main><footer><p>Contacto para medios: Atención a medios, prensa@sinaloa.example, 667 000 0000</p>
</footer></body></html>
"""
HUGO_PAGE = (
    _HEAD
    + """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": {{ .Title }}, "datePublished": {{ .Date.Format "2006-01-02T15:04:05-07:00" }}}</script>
<article><p>Boletín {{ .Params.number }}</p><h1>{{ .Title }}</h1><p>{{ .Description }}</p>
<p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 01 2006" }}</time></p>
{{ .Content }}
<ul>{{ range .Params.tags }}<li><a href="/tags/{{ . | urlize }}/">{{ . }}</a></li>{{ end }}</ul></article>
"""
    + _FOOT
)
HUGO_LIST = (
    _HEAD
    + """<h1>{{ .Title }}</h1><ul>{{ $pages := .Pages }}{{ if .IsHome }}{{ $pages = site.RegularPages }}{{ end }}
{{ range (.Paginate $pages).Pages }}<li><time datetime="{{ .Date.Format "2006-01-02" }}">
{{ .Date.Format "2 01 2006" }}</time> <a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Description }}</li>{{ end }}
</ul>{{ template "_internal/pagination.html" . }}
"""
    + _FOOT
)
PELICAN_SETTINGS = """
SITENAME = "Coordinación de Comunicación Social"
SITEURL = "https://prensa.sinaloa.example"
TIMEZONE = "America/Mazatlan"
DEFAULT_LANG = "es"
DEFAULT_CATEGORY = "releases"
DEFAULT_PAGINATION = 20
FEED_ALL_ATOM = "feed.atom"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
ARTICLE_URL = "releases/{slug}/"
ARTICLE_SAVE_AS = "releases/{slug}/index.html"
"""


def for_hugo(folder: Path, texts: list[Text], style: str) -> Path:
    """A site for Hugo: a page for each, lists of 20, one for each topic, a feed and a map."""
    write(folder / "config.toml", HUGO_SETTINGS)
    write(folder / "layouts/_default/single.html", HUGO_PAGE.replace("STYLE", style))
    write(folder / "layouts/_default/list.html", HUGO_LIST.replace("STYLE", style))
    for text in texts:
        write(folder / "content" / "releases" / f"{text.slug}.md", text.as_hugo())
    return folder


def for_pelican(folder: Path, texts: list[Text]) -> Path:
    """A site for Pelican, with its own theme."""
    write(folder / "settings.py", PELICAN_SETTINGS)
    for text in texts:
        write(folder / "content" / f"{text.slug}.md", text.as_pelican())
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
