"""Templates: an office's own replace or extend ours, and whatever goes wrong in one is told with its place."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support.offices import a_release, an_office, lay_out
from support.texts import EVENT, a_text, approved, documents

from comsoc_cli.model.release import Release
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.rendering import templates
from comsoc_cli.rendering.mail import Mails
from comsoc_cli.rendering.slots import RecipientSlots, fill
from comsoc_cli.rendering.templates import TemplateFault, Templates

SLOTS = {
    "greeting": "Buen día, Ana:",
    "name": "Ana Ruiz",
    "outlet": "El Diario",
    "address": "ana@diario.example",
    "unsubscribe": "https://baja.example/?d=1&l=2",
}


def render(folder: Path, files: Mapping[str, str], name: str = "page.html", **values: object) -> str:
    """Render a template that lies, with others, in the office's folder."""
    return Templates(lay_out(folder, files)).render(name, language="es-MX", release="becas", values=values)


def fault(folder: Path, files: Mapping[str, str], name: str = "page.html", **values: object) -> str:
    """The sentence with which a template fails; every one names the release and says what to do."""
    with pytest.raises(TemplateFault) as refusal:
        render(folder, files, name, **values)
    sentence = str(refusal.value.message)
    assert "“becas”" in sentence
    assert refusal.value.hint
    return sentence


def page_of(folder: Path | None, release: Release | None = None) -> str:
    text = release or a_text()
    return documents(folder).page(approved(text), text)


# Which template is taken


def test_an_offices_template_replaces_the_packaged_one(tmp_path: Path) -> None:
    lay_out(tmp_path, {"page.html": "<p>{{ release.headline }}</p>"})
    assert page_of(tmp_path) == "<p>Arranca el programa de becas</p>"


def test_an_offices_template_extends_the_packaged_one_by_its_full_name(tmp_path: Path) -> None:
    lay_out(
        tmp_path, {"page.html": '{% extends "comsoc/page.html" %}{% block letterhead %}<p>Escudo</p>{% endblock %}'}
    )
    page = page_of(tmp_path)
    assert "<p>Escudo</p>" in page
    assert "Arranca el programa de becas" in page
    assert page.startswith("<!DOCTYPE html>")


def test_a_part_of_the_packaged_templates_can_be_replaced_alone(tmp_path: Path) -> None:
    lay_out(tmp_path, {"page.css": "body { color: rebeccapurple }"})
    assert "rebeccapurple" in page_of(tmp_path)
    assert "rebeccapurple" not in page_of(None)


@pytest.mark.parametrize("folder", [None, "no-existe"])
def test_an_office_without_templates_has_the_packaged_ones(tmp_path: Path, folder: str | None) -> None:
    assert "Arranca el programa de becas" in page_of(tmp_path / folder if folder else None)


def test_an_office_may_have_templates_of_its_own_names(tmp_path: Path) -> None:
    files = {"page.html": '{% include "partes/firma.html" %}', "partes/firma.html": "Firma: {{ quien }}"}
    assert render(tmp_path, files, quien="Ana & Cía") == "Firma: Ana &amp; Cía"


def test_text_is_escaped_in_html_and_not_in_text(tmp_path: Path) -> None:
    files = {"page.html": "{{ x }}", "nota.txt": "{{ x }}", "feed.atom": "{{ x }}", "sitemap.xml": "{{ x }}"}
    assert render(tmp_path, files, x="<b>&") == "&lt;b&gt;&amp;"
    assert render(tmp_path, files, "nota.txt", x="<b>&") == "<b>&"
    assert render(tmp_path, files, "feed.atom", x="<b>&") == "&lt;b&gt;&amp;"
    assert render(tmp_path, files, "sitemap.xml", x="<b>&") == "&lt;b&gt;&amp;"


def test_every_text_of_a_release_is_escaped_on_its_page() -> None:
    harm = '<script>alert("1")</script>'
    release = a_text(headline=harm, subhead=harm, dateline=harm, summary=(harm,), topics=(harm,), author=harm)
    assert "<script>alert" not in page_of(None, release)


def test_a_headline_that_looks_like_a_template_is_text(tmp_path: Path) -> None:
    assert "{{ 7 * 7 }}" in page_of(None, a_text(headline="{{ 7 * 7 }}"))


@pytest.mark.parametrize("name", ["fonts/OFL-source-sans-3.txt", "page.css"])
def test_files_beside_the_templates_are_found(tmp_path: Path, name: str) -> None:
    path = Templates(tmp_path).file(name)
    assert path
    assert path.is_file()


def test_an_offices_file_beside_its_templates_comes_first(tmp_path: Path) -> None:
    lay_out(tmp_path, {"fonts/nuestra.woff2": b"x", "page.css": "x"})
    found = Templates(tmp_path)
    assert found.file("fonts/nuestra.woff2") == tmp_path / "fonts" / "nuestra.woff2"
    assert found.file("page.css") == tmp_path / "page.css"


@pytest.mark.parametrize(
    "name", ["../secreto.txt", "/etc/passwd", "fonts/../../secreto.txt", "fuera.txt", "", ".", "fonts"]
)
def test_nothing_outside_the_templates_is_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "templates"
    lay_out(tmp_path, {"secreto.txt": "secreto", "templates/page.css": "x"})
    (folder / "fuera.txt").symlink_to(tmp_path / "secreto.txt")
    assert Templates(folder).file(name) is None


# What goes wrong


def test_a_name_that_does_not_exist_is_told_with_template_line_and_release(tmp_path: Path) -> None:
    sentence = fault(tmp_path, {"page.html": "uno\ndos {{ relase.headline }}\n"})
    assert "templates/page.html:2" in sentence
    assert "relase" in sentence


def test_an_attribute_that_does_not_exist_is_told(tmp_path: Path) -> None:
    lay_out(tmp_path, {"page.html": "{{ release.headlin }}"})
    with pytest.raises(TemplateFault) as refusal:
        page_of(tmp_path)
    assert "headlin" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("uno\n{% if x %}\ntres\n", 2),
        ("uno\ndos {{ x\n", 2),
        ("uno\n{% bucle %}\n", 2),
        ("{% extends %}", 1),
        ("{{ x | nofiltro }}", 1),
        ("uno\n{% block a %}{% endblock %}\n{% block a %}{% endblock %}", 3),
    ],
)
def test_a_slip_in_the_syntax_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    sentence = fault(tmp_path, {"page.html": text}, x=1)
    assert "templates/page.html" in sentence
    found = int(sentence.partition("templates/page.html:")[2].partition(":")[0])
    assert found in range(line, line + 3)


def test_a_slip_in_an_included_template_is_told_with_that_templates_name(tmp_path: Path) -> None:
    files = {"page.html": 'uno\n{% include "parte.html" %}', "parte.html": "uno\ndos\n{% if %}"}
    assert "templates/parte.html:3" in fault(tmp_path, files)


def test_a_fault_in_an_included_template_is_told_with_that_templates_name(tmp_path: Path) -> None:
    files = {"page.html": 'uno\n{% include "parte.html" %}', "parte.html": "uno\n{{ nada }}"}
    assert "templates/parte.html:2" in fault(tmp_path, files)


def test_a_fault_in_a_block_of_an_extending_template_is_told_with_its_place(tmp_path: Path) -> None:
    lay_out(tmp_path, {"page.html": '{% extends "comsoc/page.html" %}\n\n{% block body %}{{ nada }}{% endblock %}'})
    with pytest.raises(TemplateFault) as refusal:
        page_of(tmp_path)
    assert "templates/page.html:3" in str(refusal.value.message)


@pytest.mark.parametrize("name", ["nada.html", "../comsoc.toml", "/etc/passwd", "comsoc/../../comsoc.toml", "comsoc/"])
@pytest.mark.parametrize("tag", ["include", "extends", "import"])
def test_a_template_that_does_not_exist_or_lies_outside_is_told(tmp_path: Path, name: str, tag: str) -> None:
    (tmp_path / "comsoc.toml").write_text("secreto")
    rest = " as x" if tag == "import" else ""
    sentence = fault(tmp_path / "templates", {"page.html": f'uno\n{{% {tag} "{name}" {rest}%}}'})
    assert "templates/page.html:2" in sentence
    assert name in sentence


def test_a_missing_template_is_told_with_the_template_that_wants_it(tmp_path: Path) -> None:
    files = {"page.html": '{% include "parte.html" %}', "parte.html": 'uno\n\n{% include "nada.html" %}'}
    sentence = fault(tmp_path, files)
    assert "nada.html" in sentence
    assert "templates/parte.html:3" in sentence


@pytest.mark.parametrize(
    "harm",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ x.__class__.__base__.__subclasses__() }}",
        "{{ f.__globals__ }}",
        "{{ f.__code__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% set y = [] %}{{ y.append(1) }}",
        "{{ {}.update({1: 2}) }}",
        "{{ range(10000000)|list }}",
    ],
)
def test_a_template_cannot_reach_for_what_is_behind_it(tmp_path: Path, harm: str) -> None:
    sentence = fault(tmp_path, {"page.html": "uno\n" + harm}, x="x", f=lambda: None)
    assert "templates/page.html:2" in sentence


def test_a_template_that_includes_itself_is_told(tmp_path: Path) -> None:
    sentence = fault(tmp_path, {"page.html": 'uno\n{% include "page.html" %}'})
    assert "templates/page.html:2" in sentence
    assert "itself" in sentence


def test_templates_that_include_each_other_are_told(tmp_path: Path) -> None:
    files = {"page.html": '{% include "otra.html" %}', "otra.html": '{% include "page.html" %}'}
    assert "itself" in fault(tmp_path, files)


def test_a_template_that_extends_itself_is_told(tmp_path: Path) -> None:
    assert "templates/page.html" in fault(tmp_path, {"page.html": '{% extends "page.html" %}'})


@pytest.mark.parametrize(
    "text",
    [
        "uno\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "uno\n{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    ],
)
def test_a_template_that_never_ends_is_stopped(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "SECONDS", 1)
    sentence = fault(tmp_path, {"page.html": text})
    assert "templates/page.html:2" in sentence
    assert "1 second" in sentence


def test_the_next_template_has_its_whole_time_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "SECONDS", 1)
    render(tmp_path, {"page.html": "uno"})
    time.sleep(1.1)
    assert render(tmp_path, {"page.html": "dos"}) == "dos"


@pytest.mark.parametrize("harm", ["{{ range(10 ** 9)|list }}", "{% for n in range(10 ** 8) %}{% endfor %}"])
def test_a_template_that_asks_for_too_much_is_told(tmp_path: Path, harm: str) -> None:
    assert "templates/page.html:2" in fault(tmp_path, {"page.html": f"uno\n{harm}"})


def test_a_template_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    tmp_path.joinpath("page.html").write_bytes("<p>Año</p>".encode("latin-1"))
    assert "templates/page.html" in fault(tmp_path, {})


def test_a_packaged_template_that_fails_is_told_as_well(tmp_path: Path) -> None:
    files = {"parts.html": "{% macro embargo(x) %}{{ nada }}{% endmacro %}"}
    lay_out(tmp_path, files)
    text = a_text()
    with pytest.raises(TemplateFault):
        documents(tmp_path).page(approved(text, embargoed=True), a_text(embargo=text.date))


# What is known of a recipient


def mail_text(folder: Path, template: str) -> str:
    """The text part of a mail for Ana, from a template of the office's own."""
    lay_out(folder, {"email.txt": template, "email.html": "<p>{{ recipient.greeting }}</p>"})
    text = a_text()
    mail = Mails(documents(folder)).mail(approved(text, published=True), text)
    return fill(mail.text, SLOTS)


def test_a_recipient_can_be_printed(tmp_path: Path) -> None:
    template = (
        "{{ recipient.greeting }}\n{{ recipient.name }}, {{ recipient.outlet }} <{{ recipient.address }}>\n"
        "{{ _('Unsubscribe with one click') }}: {{ recipient.unsubscribe }}"
    )
    text = mail_text(tmp_path, template)
    assert text.startswith("Buen día, Ana:\nAna Ruiz, El Diario <ana@diario.example>\n")
    assert text.endswith(": https://baja.example/?d=1&l=2\n")


@pytest.mark.parametrize(
    "template",
    [
        "{% if recipient.name %}x{% endif %}",
        "{{ 'x' if recipient.outlet == 'El Diario' }}",
        "{{ recipient.name or 'colega' }}",
        "{{ recipient.name|length }}",
        "{% for letter in recipient.name %}{{ letter }}{% endfor %}",
        "{{ recipient.name[0] }}",
        "{{ 'Ana' in recipient.name }}",
        "{{ recipient.name|truncate(3) }}",
        "{% if not recipient.unsubscribe %}x{% endif %}",
        "{{ 'x' if recipient.name >= 'B' else 'y' }}",
        "{{ 'x' if recipient.name.startswith('Ana') else 'y' }}",
        "{{ 'x' if recipient.name|lower == 'ana ruiz' else 'y' }}",
        "{{ 'x' if recipient.name in ['Ana Ruiz'] else 'y' }}",
        "{{ 'x' if recipient.name in {'Ana Ruiz': 1} else 'y' }}",
        "{{ {'El Diario': 'x'}.get(recipient.outlet, 'y') }}",
        "{{ recipient.outlet|default('su medio', true) }}",
        "{{ recipient.address.partition('@')[2] }}",
        "{{ recipient.address|length }}",
        "{{ recipient.phone }}",
        "{{ recipient }}",
        "{{ recipient.__class__ }}",
    ],
)
def test_what_is_known_of_a_recipient_decides_nothing(tmp_path: Path, template: str) -> None:
    with pytest.raises(TemplateFault) as refusal:
        mail_text(tmp_path, template)
    assert "templates/email.txt:1" in str(refusal.value.message)
    assert "variant" in str(refusal.value.message) or "attribute" in str(refusal.value.message)


@pytest.mark.parametrize(
    "use",
    [
        "recipient.name|upper",
        "recipient.name|lower",
        "recipient.name|title",
        "recipient.name|capitalize",
        "recipient.name|urlencode",
        "recipient.name|trim",
        "recipient.name|striptags",
        "recipient.name|replace('n', 'm')",
        "recipient.name|e",
        "recipient.name|tojson",
        "recipient.name|center(40)",
        "recipient.name|indent",
        "recipient.name|wordwrap(4)",
        "recipient.name|reverse",
        "recipient.name|list|join",
        "recipient.name|string",
        "recipient.name.upper()",
        "recipient.name.split('a')",
        "recipient.name.encode('utf-8')",
        "recipient.name ~ '!'",
        "'%s'|format(recipient.name)",
        "'Hola {}'.format(recipient.name)",
        "recipient.name * 2",
        "wrap(recipient.name)",
        "[recipient.name, recipient.outlet]|join(', ')",
    ],
)
def test_a_recipients_name_is_printed_whole_or_refused(tmp_path: Path, use: str) -> None:
    try:
        text = mail_text(tmp_path, "Para: {{ " + use + " }}.")
    except TemplateFault:
        return
    assert "Ana Ruiz" in text
    assert "\ue0f0" not in text
    assert "%EE" not in text


def test_the_packaged_templates_greet_everybody() -> None:
    text = a_text()
    mail = Mails(documents()).mail(approved(text, published=True), text)
    assert "Buen día, Ana:" in fill(mail.text, SLOTS)
    assert "Buen día, Ana:" in fill(mail.html, SLOTS)


@pytest.mark.parametrize("harm", ["\ue0f0name\ue0f1", "\ue0f0clave\ue0f1", "\ue0f0", "\ue0f0name"])
@pytest.mark.parametrize("place", ["body", "headline"])
def test_a_release_cannot_write_a_place_for_the_recipient(tmp_path: Path, harm: str, place: str) -> None:
    make: Callable[..., str] = a_release
    office = open_office(an_office(tmp_path, {"releases/becas.md": make(**{place: f"Texto {harm} de prueba"})}))
    desk = read_desk(office)
    assert desk.broken == ["becas"]
    assert [problem.rule for problem in desk.all_problems()] == ["encoding"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ office }}",
        "{{ office.identity }}",
        "{{ office|string }}",
        "{{ office|upper }}",
        '{{ "a" ~ office }}',
        '{{ "%s"|format(office) }}',
        '{{ "{}".format(office) }}',
        "{{ [office]|join }}",
        "{{ release.images }}",
        "{{ release.topics }}",
        "{{ {'a': 1} }}",
        "{{ release.images|map(attribute='src') }}",
        "{{ plain }}",
        "{{ words }}",
        "{{ release.event }}",
        "{{ office|pprint }}",
        "{{ office|tojson }}",
    ],
)
def test_a_template_prints_no_record_and_no_list_of_ours(tmp_path: Path, text: str) -> None:
    (tmp_path / "release.txt").write_text(f"uno\n{text}")
    release = a_text(event=EVENT, topics=("educacion",))
    with pytest.raises(TemplateFault) as fault:
        documents(tmp_path).plain(approved(release), release)
    assert "templates/release.txt:2" in str(fault.value.message)
    assert "OfficeView" not in str(fault.value.message)


def test_a_template_prints_texts_figures_and_nothing_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "release.txt").write_text(
        "{{ release.number }}|{{ 1.5 }}|{{ release.topics|join(', ') }}|{{ none }}|fin"
    )
    release = a_text(topics=("educacion", "salud"))
    assert documents(tmp_path).plain(approved(release, number=None), release) == "|1.5|educacion, salud||fin\n"


@pytest.mark.parametrize(
    "text",
    ["{{ recipient }}", "{{ recipient|pprint }}", "{{ recipient|string }}", "{{ [recipient] }}",
     "{{ [recipient]|join }}", "{{ recipient.name|pprint }}", '{{ "%r"|format(recipient) }}', "{{ [recipient.name] }}"],
)  # fmt: skip
def test_a_mail_prints_nothing_of_a_recipient_but_its_texts(tmp_path: Path, text: str) -> None:
    (tmp_path / "email.txt").write_text(f"uno\n{text}")
    release = a_text()
    with pytest.raises(TemplateFault) as fault:
        documents(tmp_path).from_template("email.txt", approved(release), release, recipient=RecipientSlots())
    assert "templates/email.txt:2" in str(fault.value.message)
