"""The documents of a release: page, plain text, calendar entry, and the HTML that its PDF is made of."""

from collections.abc import Callable

from comsoc_cli.message import said
from comsoc_cli.model.release import Release, primary
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.calendar import calendar
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.plain import plain_text, wrapped
from comsoc_cli.rendering.structured import news_article
from comsoc_cli.rendering.templates import TemplateFault, Templates
from comsoc_cli.rendering.views import ReleaseView, Viewer
from comsoc_cli.rendering.wording import shortened

CHAT_MOST = 1000  #: characters of a text for chats
#: Dots per inch of the pictures in a PDF: those of print, or fewer where the PDF would have more bytes than that.
PDF_DPI = (300, 200, 150)
PDF_MOST = 2_000_000


class Documents:
    """Renders one office's releases."""

    def __init__(self, settings: Settings, templates: Templates) -> None:
        self.templates = templates
        self.viewer = Viewer(settings)
        self.settings = settings

    def page(self, shown: Presentation, text: Release, *, beside_lists: bool = False) -> str:
        """The page, with its pictures under media/.

        `beside_lists` is whether it stands in the newsroom's own folder, below its lists, also when opened as a file.
        """
        view = self.viewer.release(shown, text)
        way = self._way_to_lists(shown, text) if beside_lists else self._address_of_lists(view)
        if shown.is_notice:
            return self.from_template("killed.html", shown, text, newsroom=way)
        structured = news_article(self.viewer.office(), view) if view.url else ""
        return self.from_template("page.html", shown, text, structured=structured, newsroom=way)

    def _address_of_lists(self, view: ReleaseView) -> str:
        """The newsroom's address, for a page that stands there."""
        return self.settings.office.url if view.url else ""

    def _way_to_lists(self, shown: Presentation, text: Release) -> str:
        """From a page to the front page in its language."""
        language = primary(text.language)
        has_own = shown.release.translations and language != primary(self.settings.office.language)
        return f"../../{language}/index.html" if has_own else "../../index.html"

    def plain(self, shown: Presentation, text: Release) -> str:
        """The text for copying: paragraphs unbroken, as an editor's program wants them."""
        return tidied(self.from_template("release.txt", shown, text, width=100_000))

    def chat(self, shown: Presentation, text: Release) -> str:
        """The text for chats: under 1,000 characters, whatever the release is."""
        view, event = self.viewer.release(shown, text), shown.release.event
        place = text.dateline.split(",")[0].strip()
        where = ", ".join(part for part in (event.place, event.address) if part) if event else ""
        lead = view.subhead if view.summary else "\n\n".join(filter(None, (view.subhead, view.opening)))
        notice = view.killed or view.correction
        # Rather fewer points than half a sentence, rather half a sentence than no link.
        for points, first, most in ((6, 400, 300), (4, 300, 300), (2, 200, 300), (0, 200, 300), (0, 80, 240),
                                    (0, 0, 240), (0, 0, 120), (0, 0, 60)):  # fmt: skip
            found = tidied(
                self.from_template(
                    "whatsapp.txt",
                    shown,
                    text,
                    headline=shortened(text.headline.replace("*", ""), most),
                    notice=shortened(notice.replace("*", ""), most),
                    place=shortened(place, 60),
                    where=shortened(where, most // 2),
                    accreditation=shortened(event.accreditation if event else "", most // 2),
                    points=[shortened(point, 160) for point in view.summary[:points]],
                    lead=shortened(lead or view.description, first),
                )
            )
            if len(found) < CHAT_MOST:
                break
        return found

    def pdf(self, shown: Presentation, text: Release) -> bytes:
        """The PDF. Its pictures are as sharp as print wants them, or, where they are many, as a mail can carry them."""
        from comsoc_cli.rendering.pdf import FontMissing, pdf_bytes

        markup = self.from_template("pdf.html", shown, text)
        try:
            for dpi in PDF_DPI:
                found = pdf_bytes(
                    markup,
                    media=text.files,
                    asset=self.templates.file,
                    moment=text.date,
                    identifier=f"{shown.release.slug}/{text.language}/{shown.revision}",
                    release=shown.release.slug,
                    variant=self.settings.pdf.variant,
                    dpi=dpi,
                )
                if len(found) <= PDF_MOST or not text.files:
                    break
        except FontMissing as fault:
            where, line = self.templates.mention(str(fault)) or ("pdf.css", None)
            message = said("the font “{name}” is not there", name=str(fault))
            raise TemplateFault(where, line, shown.release.slug, message) from None
        return found

    def calendar(self, shown: Presentation) -> bytes:
        """The event of an invitation; of one that does not take place, what takes it out of calendars (RFC 5546)."""
        method = "CANCEL" if self.viewer.cancelled(shown) else "PUBLISH"
        return calendar([self.viewer.calendar_entry(shown)], method=method)

    def from_template(
        self,
        name: str,
        shown: Presentation,
        text: Release,
        *,
        href: Callable[[str], str] = in_media,
        width: int = 72,
        **values: object,
    ) -> str:
        """Render a template with `office`, `release` and `words`; `plain` and `wrap` make text of HTML."""
        words = self.viewer.wording(text)
        translate = words.translate()
        photo = translate("Picture")
        view = self.viewer.release(shown, text, href)
        return self.templates.render(
            name,
            language=text.language,
            release=shown.release.slug,
            values={
                "office": self.viewer.office(),
                "release": view,
                "newsroom": self._address_of_lists(view),
                "words": words,
                "plain": lambda markup: plain_text(str(markup), width=width, photo=photo),
                "wrap": lambda line: wrapped(str(line), width),
                **values,
            },
        )


def tidied(text: str) -> str:
    """At most one empty line in a row, none at the ends, a line break at the very end."""
    lines: list[str] = []
    for line in text.split("\n"):
        stripped = line.rstrip()
        if stripped or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines).strip("\n") + "\n"
