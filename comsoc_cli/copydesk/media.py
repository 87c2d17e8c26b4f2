"""Rules about pictures and attachments."""

from collections.abc import Iterator
from pathlib import Path

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity
from comsoc_cli.office.locating import PICTURES

_MB = 1_000_000
_PRINTED = 11.8  #: pixels on a millimetre at 300 dots per inch


def _caption(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for number, image in enumerate(copy.release.images):
        if copy.release.name_of(image.src) in copy.release.files and not image.caption.strip():
            message = said("“{src}” has no caption: say who is seen, where and when", src=image.src)
            yield Finding(field="images", index=number, message=message, words=image.src)


def _credit(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for number, image in enumerate(copy.release.images):
        if copy.release.name_of(image.src) in copy.release.files and not image.credit.strip():
            message = said("“{src}” has no credit: say who took it or whose it is", src=image.src)
            yield Finding(field="images", index=number, message=message, words=image.src)


def _small(copy: Copy, limit: float | None) -> Iterator[Finding]:
    from comsoc_cli.rendering.pictures import measure

    for number, name, path in _pictures(copy):
        size = measure(path)
        if limit is not None and size and max(size.width, size.height) < limit:
            message = said(
                "“{src}” has {width} × {height} pixels: {millimetres} mm in print",
                src=name,
                width=size.width,
                height=size.height,
                millimetres=round(max(size.width, size.height) / _PRINTED),
            )
            yield _of_picture(number, name, message)


def _heavy(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for number, name, path in _pictures(copy):
        weight = path.stat().st_size / _MB
        if limit is not None and weight > limit:
            message = said(
                "“{src}” weighs {weight} MB; up to {limit} are for a page",
                src=name,
                weight=f"{weight:.1f}",
                limit=f"{limit:g}",
            )
            yield _of_picture(number, name, message)


def _place(copy: Copy, limit: float | None) -> Iterator[Finding]:
    from comsoc_cli.rendering.metadata import place_at

    attached = {copy.release.name_of(src): number for number, src in enumerate(copy.release.attachments)}
    named = [("images", number, name, path) for number, name, path in _pictures(copy)]
    named += [("attachments", attached[name], name, path) for name, path in _own_files(copy) if name in attached]
    for field, number, name, path in named:
        if place := place_at(path):
            message = said(
                "“{src}” says where it was taken ({place}); what is sent and published does not say it",
                src=name,
                place=str(place),
            )
            yield Finding(field="body" if number is None else field, index=number, message=message, words=name)


def _unreadable(copy: Copy, limit: float | None) -> Iterator[Finding]:
    from comsoc_cli.rendering.pictures import told_by

    for number, name, path in _pictures(copy):
        told = told_by(path)
        if told is None and not _is_drawing(path):
            message = said("“{src}” cannot be read; open it in a picture program and save it again as JPEG", src=name)
            yield _of_picture(number, name, message)
        elif told and told.pixels > told.most:
            message = said(
                "“{src}” has {megapixels} megapixels; save it with {most} at most, or as JPEG",
                src=name,
                megapixels=round(told.pixels / 1e6),
                most=round(told.most / 1e6),
            )
            yield _of_picture(number, name, message)


def _in_mails(copy: Copy, limit: float | None) -> Iterator[Finding]:
    from comsoc_cli.rendering.pictures import told_by

    for number, name, path in _pictures(copy):
        told = told_by(path)
        if told is None and _is_drawing(path):
            message = said("mail programs do not show the drawing “{src}”; put a PNG of it beside the text", src=name)
            yield _of_picture(number, name, message)
        elif told and told.moves and (told.format != "GIF" or path.stat().st_size > _MB):
            message = said("“{src}” moves on the page; the mail and the PDF show its first frame", src=name)
            yield _of_picture(number, name, message)


def _is_drawing(path: Path) -> bool:
    return path.suffix.lower() == ".svg"


def _own_files(copy: Copy) -> Iterator[tuple[str, Path]]:
    """The files that are there; a translation mostly names those of its original, which are told there."""
    elsewhere = set() if copy.release is copy.original else set(copy.original.files.values())
    for name, path in copy.release.files.items():
        if path not in elsewhere and path.is_file():
            yield name, path


def _pictures(copy: Copy) -> Iterator[tuple[int | None, str, Path]]:
    """The pictures that are there: which one of the frontmatter (None: of the text), name and file."""
    release = copy.release
    named = {release.name_of(image.src): number for number, image in enumerate(release.images)}
    attached = {release.name_of(src) for src in release.attachments}
    for name, path in _own_files(copy):
        if name in named or (name.lower().endswith(PICTURES) and name not in attached):
            yield named.get(name), name, path


def _of_picture(number: int | None, name: str, message: Message) -> Finding:
    return Finding(field="body" if number is None else "images", index=number, message=message, words=name)


def _attachments(copy: Copy, limit: float | None) -> Iterator[Finding]:
    release = copy.release
    weight = 0.0
    for number, src in enumerate(release.attachments):
        path = release.files.get(release.name_of(src))
        if path is None or not path.is_file():
            continue
        weight += path.stat().st_size / _MB
        if limit is not None and weight > limit:
            message = said(
                "the attachments weigh {weight} MB up to “{src}”, and a mail carries {limit}; put it where it can be"
                " downloaded, and name it in “links”",
                weight=f"{weight:.1f}",
                src=src,
                limit=f"{limit:g}",
            )
            yield Finding(field="attachments", index=number, message=message, words=src)
            return


RULES = (
    Rule(
        name="image-caption",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("A picture has a caption."),
        explanation=said(
            "A newsroom does not print a picture when it does not know who is seen, where and when. “alt” is for"
            " those who cannot see it; the caption is for everybody."
        ),
        bad="images: [{src: foto.jpg, alt: Dos personas firman un documento}]",
        good="images: [{src: foto.jpg, alt: Dos personas firman un documento, caption: La firma en Culiacán}]",
        look=_caption,
    ),
    Rule(
        name="image-credit",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("A picture says whose it is."),
        explanation=said(
            "Without a credit nobody may print it with a good conscience, and the law asks for the author’s name."
        ),
        bad="images: [{src: foto.jpg, alt: Dos personas firman un documento}]",
        good="images: [{src: foto.jpg, alt: Dos personas firman un documento, credit: Comunicación Social}]",
        look=_credit,
    ),
    Rule(
        name="image-small",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        limits={"": 1200},
        summary=said("A picture is large enough for print: 1200 pixels."),
        explanation=said(
            "Newspapers print 300 dots per inch: 1200 pixels make ten centimetres, two columns. Look for the"
            " original; pictures that went through a chat are small."
        ),
        bad="foto.jpg: 800 × 533",
        good="foto.jpg: 3000 × 2000",
        look=_small,
    ),
    Rule(
        name="image-heavy",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        limits={"": 5},
        summary=said("A picture weighs no more than 5 MB."),
        explanation=said(
            "The media kit carries pictures in their full size. Above 5 MB a reporter on a telephone waits; save it"
            " as JPEG with quality 85."
        ),
        bad="foto.jpg: 18 MB",
        good="foto.jpg: 2.4 MB",
        look=_heavy,
    ),
    Rule(
        name="image-unreadable",
        severity=Severity.ERROR,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("A picture can be read."),
        explanation=said(
            "Mail, PDF and page show copies of it, which cannot be made of a picture that is damaged, of a kind that"
            " hardly any program knows, or of more than 100 megapixels (as JPEG: 400)."
        ),
        bad="plano.png: 15000 × 12000",
        good="plano.jpg: 15000 × 12000",
        look=_unreadable,
    ),
    Rule(
        name="image-mail",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("Mail programs show the picture as the page does."),
        explanation=said(
            "No mail program shows SVG, and few show an animation: the mail leaves a drawing out, and has the first"
            " frame of what moves. A GIF of up to 1 MB moves in mails too."
        ),
        bad="mapa.svg",
        good="mapa.png",
        look=_in_mails,
    ),
    Rule(
        name="image-place",
        severity=Severity.INFO,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("A picture says where it was taken."),
        explanation=said(
            "Telephones write the place into every picture and film. Nothing that comsoc sends or publishes has it, nor"
            " camera, serial number and owner; caption, credit and copyright stay. The file beside the text and"
            " the one in the vault still have it: think of that before you pass them on by another way."
        ),
        bad="foto.jpg: 24.8083, -107.3944",
        good="foto.jpg",
        look=_place,
    ),
    Rule(
        name="attachments-heavy",
        severity=Severity.ERROR,
        scope=Scope.MEDIA,
        languages=(),
        limits={"": 3},
        summary=said("Attachments weigh no more than 3 MB together."),
        explanation=said(
            "Many mail servers refuse a message of more than 5 MB, and what is attached grows by a third on its way."
            " A mail of comsoc carries 3 MB of attachments beside pictures and text. Put large files where they can"
            " be downloaded, and name them in “links”. As a warning, it lets the text pass: the mail then carries"
            " what fits, and the rest is left on the page."
        ),
        bad="attachments: [video.mp4]",
        good="links: [{title: Video para televisión, url: https://prensa.example/video.mp4}]",
        look=_attachments,
    ),
)
