"""The text of a release: Markdown becomes HTML that is safe to publish and looks as it was meant."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from support.offices import PIXEL
from support.texts import a_text, approved, some_settings

from comsoc_cli.rendering.body import body_html, in_media
from comsoc_cli.rendering.inline import quickened
from comsoc_cli.rendering.views import Viewer


def html_of(body: str, language: str = "es-MX", **files: Path) -> str:
    """The body's HTML; a picture that is missing is shown as “falta: …”."""
    text = a_text(body, language=language, files={name.replace("_", "."): path for name, path in files.items()})
    return body_html(text, in_media, lambda what: f"falta: {what}")


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//mal.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</script>",
        "[pulse](javascript:alert(1))",
        "[pulse](JaVaScRiPt:alert(1))",
        "[pulse](&#106;avascript:alert(1))",
        "[pulse](java\tscript:alert(1))",
        "<a href='vbscript:x'>pulse</a>",
        "[pulse](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="javascript:alert(1)">pulse</a>',
        "![x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "<p onclick=alert(1)>hola</p>",
        '<a href="https://x.example" onmouseover="alert(1)">x</a>',
        "<svg onload=alert(1)></svg>",
        "<iframe src='https://mal.example'></iframe>",
        "<object data='x.swf'></object><embed src='x.swf'>",
        "<form action='https://mal.example'><input name=clave></form>",
        "<meta http-equiv=refresh content='0;url=https://mal.example'>",
        "<link rel=stylesheet href='https://mal.example/x.css'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<base href='https://mal.example/'>",
        "<style>body{display:none}</style>",
        '<p style="background:url(https://mal.example)">hola</p>',
        "<math><mtext></mtext><script>alert(1)</script></math>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "[x]: javascript:alert(1)\n\n[pulse][x]",
        "<javascript:alert(1)>",
        "[^1]\n\n[^1]: <script>alert(1)</script>",
        '*[becas]: "><script>alert(1)</script>\n\nLas becas.',
        '```" onclick=alert(1)\nx\n```',
    ],
)
def test_nothing_that_acts_or_fetches_gets_through(harm: str) -> None:
    markup = html_of(f"Antes.\n\n{harm}\n\nDespués.")
    tags = "".join(re.findall(r"<[^>]*>", markup)).lower()
    assert not re.search(r"<\s*(script|style|iframe|object|embed|form|input|meta|link|base|svg|math)", tags)
    assert not re.search(r"(?i)<[^>]*\s(on\w+|style|srcset|background)\s*=", markup)
    assert not re.search(r"(?i)(href|src)\s*=\s*[\"']?\s*(javascript|vbscript|data|file)", markup)
    assert "Antes." in markup


@given(st.text(alphabet=st.sampled_from("<>\"'=/ ascriptonjv:()[]!`*_#&;\n\t{}%|~^-1x"), max_size=120))
@example('<<a href="x" <img src=x onerror=y>')
@settings(max_examples=150, deadline=None)
def test_no_jumble_of_signs_becomes_something_that_acts(jumble: str) -> None:
    tags = re.findall(r"<[a-zA-Z][^>]*>", html_of(jumble))
    for tag in tags:
        assert not re.search(r"(?i)<script|\son\w+\s*=|javascript:", re.sub(r'="[^"]*"', '=""', tag))


@pytest.mark.parametrize(
    "href", ["https://x.example/a?b=1&c=2", "http://x.example", "mailto:a@x.example", "tel:+52667"]
)
def test_links_of_a_press_office_get_through(href: str) -> None:
    assert f'href="{href.replace("&", "&amp;")}"' in html_of(f"[aquí]({href})")


# Pictures


def test_a_picture_stands_where_the_text_has_it(tmp_path: Path) -> None:
    markup = html_of('Uno.\n\n![Aula "nueva" & llena](foto.png)\n\nDos.', foto_png=tmp_path / "foto.png")
    assert 'src="media/foto.png"' in markup
    assert re.search(r'alt="Aula (&quot;|«)nueva(&quot;|») &amp; llena"', markup)
    assert markup.index("Uno.") < markup.index("<img") < markup.index("Dos.")


@pytest.mark.parametrize(
    "body",
    [
        "![x](./foto.png)",
        "![x](foto%2Epng)",
        '<img alt="x" src="foto.png" width="3" onerror="y">',
        "![x][f]\n\n[f]: foto.png",
    ],
)
def test_a_picture_is_placed_however_it_is_written(tmp_path: Path, body: str) -> None:
    assert html_of(body, foto_png=tmp_path / "foto.png").count('<img src="media/foto.png" alt="x">') == 1


@pytest.mark.parametrize(
    "src",
    [
        "nada.png",
        "https://otro.example/pixel.gif",
        "//otro.example/pixel.gif",
        "../../etc/passwd",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "cid:otra",
    ],
)
def test_a_picture_that_is_not_there_is_a_placeholder_with_its_words(src: str) -> None:
    markup = html_of(f"![Aula <nueva>]({src})")
    assert "<img" not in markup
    assert src not in re.sub(r">[^<]*<", "><", markup)
    assert 'class="placeholder"' in markup
    assert "Aula" in words_of(markup)


def test_a_placeholder_says_what_is_to_come_in_the_releases_language() -> None:
    viewer = Viewer(some_settings())
    spanish, english = a_text("![Aula “1” & 2](a.png)"), a_text("![Room “1” & 2](a.png)", language="en")
    assert "[Foto por llegar: Aula “1” &amp; 2]" in viewer.release(approved(spanish), spanish).body
    assert "[Picture to come: Room “1” &amp; 2]" in viewer.release(approved(english), english).body


def test_a_picture_in_code_is_code(tmp_path: Path) -> None:
    markup = html_of('`<img src="foto.png">`', foto_png=tmp_path / "foto.png")
    assert "<img" not in markup


def test_a_picture_with_a_name_of_many_signs_is_found_where_the_kit_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "foto.png"
    path.write_bytes(PIXEL)
    name = "fotos/año nuevo & más.png"
    text = a_text("![x](<fotos/año nuevo & más.png>)", files={name: path})
    assert 'src="media/fotos/a%C3%B1o%20nuevo%20%26%20m%C3%A1s.png"' in body_html(text, in_media, str)


# Shortcodes


@pytest.mark.parametrize(
    "tag",
    [
        '{{< figure src="foto.jpg" >}}',
        "{{% aviso %}}",
        "{% include foto.html %}",
        "{{ page.title }}",
        "{{ ''.__class__.__mro__ }}",
    ],
)
@pytest.mark.parametrize("around", ["{}", "Antes {} después.", "`{}`", "```\n{}\n```", "    {}"])
def test_what_belongs_to_another_program_is_shown_as_text(tag: str, around: str) -> None:
    shown = words_of(html_of(around.format(tag))).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    plainly = re.sub("[«»“”‘’]", lambda found: '"' if found[0] in "«»“”" else "'", shown)
    assert tag in plainly
    assert "&amp;" not in shown


# Structure


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# Uno\n\n## Dos", [2, 3]),
        ("## Uno\n\n### Dos", [2, 3]),
        ("#### Uno\n\n##### Dos\n\n#### Tres", [2, 3, 2]),
        ("# Uno\n\n#### Dos\n\n###### Tres", [2, 3, 4]),
        ("### Uno\n\n##### Dos\n\n### Tres\n\n## Cuatro\n\n#### Cinco", [2, 3, 2, 2, 3]),
        ("Uno\n===\n\nDos\n---", [2, 3]),
        ("<h1 class=grande>Uno</h1>", [2]),
        ("Sin títulos.", []),
    ],
)
def test_headings_begin_below_the_headline(body: str, levels: list[int]) -> None:
    markup = html_of(body)
    assert [int(level) for level in re.findall(r"<h(\d)", markup)] == levels
    assert re.findall(r"<h(\d)", markup) == re.findall(r"</h(\d)", markup)


def test_tables_are_tables() -> None:
    markup = html_of("| Municipio | Becas |\n|---|---:|\n| Culiacán | 1,200 |\n| Ahome | 800 |")
    assert markup.count("<tr>") == 3
    assert re.search(r"<th[^>]*>Municipio</th>", markup)
    assert re.search(r"<td[^>]*>1,200</td>", markup)
    assert "|" not in markup


def test_footnotes_lead_there_and_back() -> None:
    markup = html_of("Las becas[^1] y los apoyos[^2].\n\n[^1]: Programa estatal.\n[^2]: Programa federal.")
    assert "Programa estatal." in markup
    for target in re.findall(r'href="#([^"]+)"', markup):
        assert f'id="{target}"' in markup
    assert len(re.findall(r'href="#', markup)) == 4


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('"Hola", dijo.', "“Hola”, dijo."),
        ("«Hola», dijo.", "«Hola», dijo."),
        ("2026--2027", "2026–2027"),
        ("uno --- dos", "uno — dos"),
        ("y así...", "y así…"),
        ("it's", "it’s"),
        ("—Hola —dijo", "—Hola —dijo"),
    ],
)
@pytest.mark.parametrize("language", ["es-MX", "en", "fr"])
def test_quotation_marks_and_dashes_are_those_of_print(body: str, words: str, language: str) -> None:
    import html

    assert html.unescape(words_of(html_of(body, language))).replace(" ,", ",") == words


def test_code_keeps_its_straight_quotation_marks() -> None:
    markup = html_of('`"a" -- b`')
    assert "“" not in markup
    assert "–" not in markup


@pytest.mark.parametrize(
    ("body", "tags"),
    [
        ("- uno\n- dos", ["ul", "li"]),
        ("1. uno\n2. dos", ["ol", "li"]),
        ("3. tres\n4. cuatro", ['ol start="3"']),
        ("> cita", ["blockquote"]),
        ("**negrita** y *cursiva*", ["strong", "em"]),
        ("Palabra\n: Lo que significa", ["dl", "dt", "dd"]),
        ("uno  \ndos", ["br"]),
        ("---", ["hr"]),
        ("*[INE]: Instituto\n\nEl INE.", ['abbr title="Instituto"']),
    ],
)
def test_what_markdown_knows_is_there(body: str, tags: list[str]) -> None:
    markup = html_of(body)
    for tag in tags:
        assert f"<{tag}" in markup


def test_the_dateline_opens_the_lead() -> None:
    text = a_text("Primer párrafo.\n\nSegundo.", dateline="Culiacán <Sinaloa>")
    markup = str(Viewer(some_settings()).release(approved(text), text).body)
    assert markup.startswith('<p class="lead">')
    assert words_of(markup).startswith("Culiacán &lt;Sinaloa&gt;, a 23 de noviembre de 2026.– Primer párrafo.")


# One text after another


def test_nothing_of_one_text_stays_for_the_next() -> None:
    plain = "Las becas[^1] del [INE][x] y el INE.\n\n# Becas"
    alone = html_of(plain)
    html_of("Otra[^1] [nota][x] del INE.\n\n# Becas\n\n[^1]: Secreta.\n\n[x]: https://x.example\n\n*[INE]: Instituto")
    assert html_of(plain) == alone
    assert "Secreta" not in html_of(plain)


def test_a_broken_text_does_not_harm_the_next() -> None:
    alone = html_of("Texto[^1].\n\n[^1]: Nota.")
    html_of("> " * 200 + "hondo\n\n" + "<div>" * 300 + "\n\n```\nsin fin")
    assert html_of("Texto[^1].\n\n[^1]: Nota.") == alone


def test_footnotes_count_from_one_in_every_text() -> None:
    body = "Uno[^a].\n\n[^a]: Nota."
    assert html_of(body) == html_of(body)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("[uno](https://a.example/x{y}|z)", '<a href="https://a.example/x%7By%7D%7Cz">'),
        ("[uno](<https://a.example/a b>)", '<a href="https://a.example/a%20b">'),
        ("[uno](https://a.example/100%)", '<a href="https://a.example/100%25">'),
        ("[uno](https://a.example/a%20b?c=1&d=2)", '<a href="https://a.example/a%20b?c=1&amp;d=2">'),
        ("<a href='{{ \"/x\" | url }}'>uno</a>", "<a>uno</a>"),
        ("[uno]({% link x %})", None),
        ("[uno](https://banco@malo.example/x)", "<a>uno</a>"),
        ("## \n\nuno", "<p>uno</p>"),
    ],
)
def test_an_address_holds_only_what_addresses_may_hold(source: str, found: str | None) -> None:
    markup = html_of(source)
    assert "{" not in "".join(re.findall(r'href="([^"]*)"', markup))
    if found:
        assert found in markup


@given(st.text(alphabet="ab1 \n`\\[]()!<>&;*_\"'-.…¿:@^{}|~#", max_size=60))
def test_text_without_a_sign_is_read_as_the_library_reads_it(text: str) -> None:
    """The short way of rendering/inline.py changes nothing."""
    extensions = ["tables", "footnotes", "def_list", "fenced_code", "abbr", "sane_lists", "smarty"]
    usual = Markdown(extensions=extensions, output_format="html").convert(text)
    assert quickened(Markdown(extensions=extensions, output_format="html")).convert(text) == usual


def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    usual = InlineProcessor._InlineProcessor__handleInline  # type: ignore[attr-defined]

    def noted(self: InlineProcessor, data: str, *more: int) -> str:
        asked.append(data)
        handled: str = usual(self, data, *more)
        return handled

    monkeypatch.setattr(InlineProcessor, "_InlineProcessor__handleInline", noted)
    quickened(Markdown(extensions=["smarty"])).convert("Sin signos.\n\nCon *uno*.")
    assert "Sin signos." not in asked
    assert "Con *uno*." in asked


def test_patterns_are_tried_where_their_sign_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    usual = InlineProcessor._InlineProcessor__applyPattern  # type: ignore[attr-defined]

    def noted(self: InlineProcessor, pattern: object, *more: object) -> object:
        tried.append(pattern)
        applied: object = usual(self, pattern, *more)
        return applied

    monkeypatch.setattr(InlineProcessor, "_InlineProcessor__applyPattern", noted)
    markdown = quickened(Markdown())
    markdown.convert("Con *uno*.")
    assert markdown.inlinePatterns["em_strong"] in tried
    assert markdown.inlinePatterns["link"] not in tried
