"""The copy desk's rules about quotations, marks, spaces, dashes and acronyms: what trips each and what does not."""

import pytest
from support.copydesk import LEAD, told
from support.offices import SETTINGS, Layout, a_release

from comsoc_cli.copydesk.findings import Around
from comsoc_cli.copydesk.fixes import apply, fixes
from comsoc_cli.copydesk.rules import BY_NAME
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office

SPEECH = "“Una beca que llega a tiempo es la diferencia entre terminar el año y dejarlo a la mitad.”"
CLAUSE = "“Una beca que llega a tiempo es la diferencia entre terminar el año y dejarlo a la mitad”"
CHAIN = (
    f"{LEAD}\n\nLa titular explicó:\n\n“Una beca que llega a tiempo es la diferencia.\n\n“Por eso el depósito se hará"
    " en enero, y no en marzo.\n\n“Nadie tiene que pagar ni pedir favores para recibirla.”\n\n## Montos"
)


def mended(office: Layout, rule: str, body: str) -> str:
    """The body after `check --fix` by one rule."""
    root = office({"releases/becas.md": a_release(body)})
    opened = open_office(root)
    release = read_desk(opened).releases["becas"]
    apply(release.path, list(fixes(release, [BY_NAME[rule]], Around(settings=opened.settings))))
    return release.path.read_text().partition("\n---\n\n")[2].strip()


@pytest.mark.parametrize(
    "body",
    [
        f"{LEAD}\n\n{SPEECH}\n\nLas becas se pagan en enero.",
        f"{LEAD}\n\nEl registro abre en enero. {SPEECH} Las becas se pagan cada dos meses.",
        f"{LEAD}\n\n«Una beca que llega a tiempo es la diferencia entre terminar el año y dejarlo.»\n\n## Montos",
        f'{LEAD}\n\n"Una beca que llega a tiempo es la diferencia entre terminar el año y dejarlo."',
        f"{LEAD}\n\n> {SPEECH}\n\n## Cuánto y para quién",
    ],
)
def test_a_quotation_that_nobody_speaks(office: Layout, body: str) -> None:
    [problem] = told(office, "quote-speaker", body)
    assert "Una beca que llega" in problem.words


def test_an_english_quotation_that_nobody_speaks(office: Layout) -> None:
    body = "The program starts in January.\n\n“A grant that comes in time keeps a student in school.”\n\n## Amounts"
    assert told(office, "quote-speaker", body, language="en")
    spoken = body.replace("”", "”, said the secretary.")
    assert not told(office, "quote-speaker", spoken, language="en")


@pytest.mark.parametrize(
    "body",
    [
        f"{LEAD}\n\n{CLAUSE}, dijo la titular de la secretaría.",
        f"{LEAD}\n\nLa titular señaló que los pagos empiezan en enero. {SPEECH}",
        f"{LEAD}\n\nAna Pérez, titular de la secretaría: {SPEECH}",
        f"{LEAD}\n\nEn su mensaje:\n\n{SPEECH}",
        f"{LEAD}\n\n> {SPEECH}\n>\n> Titular de la Secretaría de Educación",
        f"{LEAD}\n\n> {SPEECH}\n\n— Ana Pérez, titular",
        f"{LEAD}\n\n> Una beca que llega a tiempo es la diferencia.\n>\n> Ana Pérez, titular",
        f"{LEAD}\n\n{SPEECH} — Ana Pérez",
        CHAIN,
        f"{LEAD}\n\nEl programa “Por una escuela que llega a todos a tiempo”, de la secretaría, sigue.",
        f"{LEAD}\n\nEl libro “Los Años que Vivimos a la Orilla del Río”, de Ana Pérez, se presenta en la feria.",
        f"{LEAD}\n\nSe habló de “lo que falta por hacer en las escuelas rurales” y de agua.",
        f"{LEAD}\n\nEs “la mejor beca”.",
    ],
)
def test_a_quotation_with_its_speaker_and_what_is_no_quotation(office: Layout, body: str) -> None:
    assert told(office, "quote-speaker", body) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("“Una beca a tiempo ayuda, dijo la titular.\n\nEl registro es gratuito.", "opens here"),
        ("Una beca a tiempo ayuda”, dijo la titular.", "closes here"),
        ('"Una beca a tiempo ayuda, dijo la titular.\n\n## Montos', "opens here"),
        ("«Una beca a tiempo», dijo, y «otra más, agregó.\n\n## Montos", "opens here"),
        ("Según el SIAP, “en 2019 se sembraron 12 mil hectáreas.\n\nLa producción creció.", "opens here"),
    ],
)
def test_a_quotation_mark_without_its_other(office: Layout, body: str, words: str) -> None:
    [problem] = told(office, "quote-unpaired", body)
    assert words in str(problem.message)


@pytest.mark.parametrize(
    "body",
    [
        f"{CLAUSE}, dijo.",
        '“Una beca «a tiempo» ayuda”, dijo. "Así es", agregó.',
        "“Una beca a tiempo ayuda.\n\n“Por eso llega en enero.\n\n“Y no en marzo”, dijo.",
        "“Una beca a tiempo ayuda.\n\nPor eso llega en enero”, dijo.",
        "“Una beca a tiempo ayuda.\n\n”Por eso llega en enero.\n\n”Y no en marzo”, dijo.",
        "«Una beca a tiempo ayuda.\n\n»¿Por qué en enero? Porque es a tiempo», dijo.",
        'Una pantalla de 24" y un tubo de 5" de diámetro.',
        "La niña de los 70’ y el ’68; O’Higgins.",
        '`echo "` y [liga](https://a.example "Título")',
        "&ldquo;Una beca a tiempo&rdquo; y &#8220;otra”.",
        "Más información »",
        '<span class="nota">Texto</span>',
    ],
)
def test_quotation_marks_that_are_in_order(office: Layout, body: str) -> None:
    assert told(office, "quote-unpaired", body) == []


def test_straight_marks_are_for_information_and_mended(office: Layout) -> None:
    body = '"Una beca \'a tiempo\'", dijo -- y `x = "1"` queda; 2025--2026, 5\'10" y [liga](https://a.example "T").'
    [problem] = told(office, "marks-straight", body)
    assert problem.severity == "info"
    assert "times" in str(problem.message)
    assert mended(office, "marks-straight", body) == (
        '“Una beca ‘a tiempo’”, dijo – y `x = "1"` queda; 2025--2026, 5\'10" y [liga](https://a.example "T").'
    )


def test_curly_marks_are_what_is_wanted(office: Layout) -> None:
    assert told(office, "marks-straight", "“Una beca ‘a tiempo’”, dijo – y calló… 2026-2027.") == []


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("Quién puede pedir la beca?", "¿Quién puede pedir la beca?"),
        ("El pago llega en enero. Cómo se registra uno?", "El pago llega en enero. ¿Cómo se registra uno?"),
        ("Si no hay internet, dónde se hace el trámite?", "Si no hay internet, ¿dónde se hace el trámite?"),
        ("Para qué sirve?", "¿Para qué sirve?"),
        ("Ya llegan las becas!", "¡Ya llegan las becas!"),
        ("**Cuándo se paga?** En enero.", "**¿Cuándo se paga?** En enero."),
    ],
)
def test_an_opening_mark_that_is_missing_is_put_where_it_belongs(office: Layout, body: str, after: str) -> None:
    assert len(told(office, "opening-mark", body)) == 1
    assert mended(office, "opening-mark", body) == after


def test_an_opening_mark_with_more_than_one_place_is_told_and_left(office: Layout) -> None:
    body = "El registro, como otros años, se hace en línea?"
    assert len(told(office, "opening-mark", body)) == 1
    assert mended(office, "opening-mark", body) == body


def test_an_opening_mark_may_miss_in_the_headline(office: Layout) -> None:
    [problem] = told(office, "opening-mark", headline="Cómo pedir una beca?")
    assert (problem.field, problem.line) == ("headline", 2)


@pytest.mark.parametrize(
    "body",
    [
        "¿Quién puede pedir la beca? ¡Ya llegan!",
        "Si no hay internet, ¿dónde se hace?",
        "¡¿Cómo?! ¿¡Qué!?",
        "La empresa Yahoo! informó de su plan.",
        "Consulte https://a.example/?q=1 y el correo (?) de siempre.",
        "El lema “What is new in the school?” es de ellos.",
        "¿Quién puede pedirla, dónde y hasta cuándo?",
        "`a ? b : c`",
    ],
)
def test_questions_that_are_opened(office: Layout, body: str) -> None:
    assert told(office, "opening-mark", body) == []


def test_double_spaces_are_mended_but_where_they_mean_something(office: Layout) -> None:
    table = "| a  b | c |\n|--|--|\n| 1  2 | 3 |"
    body = f"La beca  llega   en enero.  \nEs gratuita.\n\n    código  así\n\n{table}\n\n1.  Uno"
    [problem] = told(office, "double-space", body)
    assert problem.severity == "info"
    assert mended(office, "double-space", body) == body.replace("beca  llega   en", "beca llega en")


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("El pago - dijo la titular - llega en enero.", "El pago —dijo la titular— llega en enero."),
        ("El pago llega en enero - no en marzo.", "El pago llega en enero – no en marzo."),
        ("-Nadie tiene que pagar, dijo la titular.", "—Nadie tiene que pagar, dijo la titular."),
        (
            "Culiacán, Sinaloa, a 23 de noviembre.- El pago llega.",
            "Culiacán, Sinaloa, a 23 de noviembre.– El pago llega.",
        ),
    ],
)
def test_a_hyphen_that_should_be_a_dash(office: Layout, body: str, after: str) -> None:
    assert len(told(office, "dash", body)) == 1
    assert mended(office, "dash", body) == after


@pytest.mark.parametrize(
    "body",
    [
        "El ciclo 2026-2027 y el curso teórico-práctico.",
        "De 9:00 - 14:00 h, y 9:00 am - 2:00 pm; lunes - viernes.",
        "- Uno\n- Dos",
        "El pago —dijo— llega – en enero.",
        "| a - b | c |\n|--|--|\n| 1 - 2 | 3 |",
        "Temperaturas de -10 a -5 grados.",
        "`a - b` y <!-- nota - otra -->",
    ],
)
def test_a_hyphen_in_its_place(office: Layout, body: str) -> None:
    assert told(office, "dash", body) == []


def test_what_is_found_often_is_said_once_with_the_other_lines(office: Layout) -> None:
    [problem] = told(office, "dash", "El pago llega - por fin.\n\nEs gratuito - como siempre.\n\nY útil - también.")
    assert problem.line == 10
    assert str(problem.message).endswith("3 times, also in line 12, 14")


SPELLED = "Instituto de Capacitación para el Trabajo (ICATSIN)"


@pytest.mark.parametrize(
    "body",
    [
        f"El ICATSIN abre cursos. El {SPELLED} tiene doce planteles.",
        f"{LEAD}\n\nSegún el ICATSIN, hay cupo.\n\nEl {SPELLED} atiende en línea.",
    ],
)
def test_an_acronym_before_its_words(office: Layout, body: str) -> None:
    [problem] = told(office, "acronym-early", body)
    assert problem.words == "ICATSIN"


def test_an_acronym_that_is_spelled_out_nowhere_is_for_information(office: Layout) -> None:
    [problem] = told(office, "acronym-unknown", f"{LEAD} El ICATSIN y la JAPAC participan. El ICATSIN abre.")
    assert problem.severity == "info"
    assert "ICATSIN, JAPAC" in str(problem.message)


@pytest.mark.parametrize(
    "body",
    [
        f"El {SPELLED} abre cursos. El ICATSIN tiene doce planteles.",
        "El ICATSIN (Instituto de Capacitación para el Trabajo en Sinaloa, INCATSIN) abre.",
        "La Secretaría de Educación y Cultura, SEC, abre cursos. La SEC informa.",
        "La Secretaría de Educación y Cultura abre cursos. La SEC informa.",
        "El IMSS, la UNAM, la ONU y el PDF; el siglo XXI y Juan Pablo II.",
        "AVISO IMPORTANTE PARA TODOS los planteles.",
        "La SEPyC informa.",
        "Escriba a ICATSIN@a.example o a https://a.example/ICATSIN.",
        "HUGO PÉREZ LÓPEZ, DIRECTOR GENERAL: Buenas tardes.",
    ],
)
def test_acronyms_that_need_no_words(office: Layout, body: str) -> None:
    settings = SETTINGS + '\n[agencies]\nsepyc = "SEPyC"\n[style]\nacronyms = ["INCATSIN"]\n'
    root = office({"comsoc.toml": settings})
    for rule in ("acronym-early", "acronym-unknown"):
        assert told(lambda files: office({**files, "comsoc.toml": settings}), rule, body) == [], root
