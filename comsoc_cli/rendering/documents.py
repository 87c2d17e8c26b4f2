"""The documents of a release: page, plain text, calendar entry, and the HTML that its PDF is made of."""

from collections.abc import Callable

from comsoc_cli.message import said
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.calendar import calendar
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.plain import plain_text, wrapped
from comsoc_cli.rendering.structured import news_article
from comsoc_cli.rendering.templates import TemplateFault, Templates
from comsoc_cli.rendering.views import Viewer

CHAT_MOST = 1000  #: characters of a text for chats


class Documents:
    """Renders one office's releases."""

    def __init__(self, settings: Settings, templates: Templates) -> None:
        self.templates = templates
        self.viewer = Viewer(settings)
        self.settings = settings

    def page(self, shown: Presentation, text: Release) -> str:
        """The page, with its pictures under media/."""
        view = self.viewer.release(shown, text)
        if shown.is_notice:
            return self.from_template("killed.html", shown, text)
        structured = news_article(self.viewer.office(), view) if view.url else ""
        return self.from_template("page.html", shown, text, structured=structured)

    def plain(self, shown: Presentation, text: Release) -> str:
        """The text for copying: paragraphs unbroken, as an editor's program wants them."""
        return tidied(self.from_template("release.txt", shown, text, width=100_000))

    def chat(self, shown: Presentation, text: Release) -> str:
        """The text for chats: under 1,000 characters, whatever the release is."""
        view = self.viewer.release(shown, text)
        headline, place = shortened(text.headline.replace("*", ""), 300), text.dateline.split(",")[0].strip()
        # Rather fewer points than half a sentence, rather half a sentence than no link.
        for points, lead in ((6, 400), (4, 300), (2, 200), (0, 200), (0, 80), (0, 0)):
            found = tidied(
                self.from_template(
                    "whatsapp.txt",
                    shown,
                    text,
                    headline=headline,
                    notice=shortened((view.killed or view.correction).replace("*", ""), 300),
                    place=shortened(place, 60),
                    points=[shortened(point, 160) for point in view.summary[:points]],
                    lead=shortened(view.description, lead),
                )
            )
            if len(found) < CHAT_MOST:
                break
        return found

    def pdf(self, shown: Presentation, text: Release) -> bytes:
        """The PDF."""
        from comsoc_cli.rendering.pdf import FontMissing, pdf_bytes

        try:
            return pdf_bytes(
                self.from_template("pdf.html", shown, text),
                media=text.files,
                asset=self.templates.file,
                moment=text.date,
                identifier=f"{shown.release.slug}/{text.language}/{shown.revision}",
                release=shown.release.slug,
                variant=self.settings.pdf.variant,
            )
        except FontMissing as fault:
            where, line = self.templates.mention(str(fault)) or ("pdf.css", None)
            message = said("the font “{name}” is not there", name=str(fault))
            raise TemplateFault(where, line, shown.release.slug, message) from None

    def calendar(self, shown: Presentation) -> bytes:
        """The event of an invitation."""
        return calendar([self.viewer.calendar_entry(shown)])

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
        return self.templates.render(
            name,
            language=text.language,
            release=shown.release.slug,
            values={
                "office": self.viewer.office(),
                "release": self.viewer.release(shown, text, href),
                "words": words,
                "plain": lambda markup: plain_text(str(markup), width=width, photo=photo),
                "wrap": lambda line: wrapped(str(line), width),
                **values,
            },
        )


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most, cut between two words where there are some."""
    if len(text) <= most:
        return text
    cut = text[: max(0, most - 1)]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.") + "…" if most else ""


def tidied(text: str) -> str:
    """At most one empty line in a row, none at the ends, a line break at the very end."""
    lines: list[str] = []
    for line in text.split("\n"):
        stripped = line.rstrip()
        if stripped or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines).strip("\n") + "\n"
