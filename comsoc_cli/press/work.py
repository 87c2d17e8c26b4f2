"""Rendering one order and writing its files, in this process or in a warm worker."""

import gc
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comsoc_cli.errors import Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import Purpose, Recipient
from comsoc_cli.model.release import primary
from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import card
from comsoc_cli.newsroom.feeds import ninjs
from comsoc_cli.office.files import StoreUnusable, write_bytes
from comsoc_cli.press.copies import Copies
from comsoc_cli.press.orders import CARD, EMAIL, PDF, WEB, Order
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.kit import captions_of, media_kit
from comsoc_cli.rendering.metadata import cleaned
from comsoc_cli.rendering.slots import fill
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.rendering.views import file_in_kit, page_name

#: The invented person of the specimen mail, on a reserved domain (RFC 2606).
SPECIMEN = Recipient(key="redaccion@medio.example", address="redaccion@medio.example", name="", outlet="")


#: By output and key, the files that this process has made of it already.
Files = dict[tuple[str, str], list[tuple[str, bytes]]]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What one order wrote, or why it did not."""

    name: str
    files: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)  #: output → file → bytes, time
    card: bytes = b""  #: what the newsroom's lists know of the release
    message: Message | None = None
    hint: Message | None = None
    store_failed: bool = False


class Press:
    """Renders orders for one office."""

    def __init__(self, settings: Settings, templates_folder: Path, copies: Path) -> None:
        self.settings = settings
        self.copies = Copies(copies)
        self.documents = Documents(settings, Templates(templates_folder))

    def fulfil(self, orders: Sequence[Order]) -> list[Done]:
        """Render the orders of one release and put them in place.

        What the kit and the newsroom show alike is rendered once.
        """
        made: Files = {}
        return [self._one(order, made) for order in orders]

    def _one(self, order: Order, made: Files) -> Done:
        """A fault is an answer, so that the others go on."""
        try:
            card = self._card(order) if CARD in order.outputs else b""
            written = {output: self._write(order, output, made) for output in order.outputs if output != CARD}
        except StoreUnusable as refusal:
            return Done(name=order.name, message=refusal.message, hint=refusal.hint, store_failed=True)
        except Refusal as refusal:
            return Done(name=order.name, message=refusal.message, hint=refusal.hint)
        except RecursionError:
            message = said("“{slug}” is nested too deeply to be rendered", slug=order.shown.release.slug)
            return Done(name=order.name, message=message)
        return Done(name=order.name, files=written, card=card)

    def _write(self, order: Order, output: str, made: Files) -> dict[str, tuple[int, int]]:
        alike = (output, order.keys[output])
        if alike not in made:
            made[alike] = list(self._made(order, output))
        files = made[alike]
        if output == WEB and order.is_public:
            own = {**dict(self._pages(order)), "ninjs.json": ninjs(self.documents.viewer, order.shown)}
            files = [*{**dict(files), **own}.items()]
        written = {}
        for name, data in files:
            put(order.folder / name, data)
            found = (order.folder / name).stat()
            written[name] = (found.st_size, found.st_mtime_ns)
        return written

    def _pages(self, order: Order) -> Iterator[tuple[str, bytes]]:
        """The pages once more, as the newsroom has them: they lead back to its lists."""
        for text in order.shown.release.texts:
            page = self.documents.page(order.shown, text, beside_lists=True)
            yield page_name(order.shown.release, text), page.encode()

    def _made(self, order: Order, output: str) -> Iterator[tuple[str, bytes]]:
        return {WEB: self._web, PDF: self._pdf, EMAIL: self._email}[output](order)

    def _card(self, order: Order) -> bytes:
        return pickle.dumps(card(self.documents.viewer, order.shown))

    def _web(self, order: Order) -> Iterator[tuple[str, bytes]]:
        shown = order.shown
        if shown.is_notice:
            for text in shown.release.texts:
                yield page_name(shown.release, text), self.documents.page(shown, text).encode()
            if self.documents.viewer.cancelled(shown):
                yield "event.ics", self.documents.calendar(shown)
            return
        plain: dict[str, str] = {}
        media: dict[str, bytes] = {}
        for text in shown.release.texts:
            fresh = {name: cleaned(path.read_bytes()) for name, path in text.files.items() if name not in media}
            media |= fresh
            yield from ((f"media/{name}", data) for name, data in fresh.items())
            yield from ((f"media/{name}", data) for name, data in self.copies.of(text, media))
            if shown.published:
                yield from ((f"media/{name}", data) for name, data in self.copies.shared(text, media))
            plain[file_in_kit(shown.release, text, "txt")] = self.documents.plain(shown, text)
            yield file_in_kit(shown.release, text, "txt"), plain[file_in_kit(shown.release, text, "txt")].encode()
            yield file_in_kit(shown.release, text, "whatsapp.txt"), self.documents.chat(shown, text).encode()
            yield page_name(shown.release, text), self.documents.page(shown, text).encode()
        if shown.release.files:
            yield f"{shown.release.slug}-media.zip", media_kit(shown, plain, captions_of(shown.release), media)
        if shown.release.event:
            yield "event.ics", self.documents.calendar(shown)

    def _pdf(self, order: Order) -> Iterator[tuple[str, bytes]]:
        for text in order.shown.release.texts:
            yield file_in_kit(order.shown.release, text, "pdf"), self.documents.pdf(order.shown, text)

    def _email(self, order: Order) -> Iterator[tuple[str, bytes]]:
        import html

        from comsoc_cli.rendering.heading import list_headers, message_id, token_of, unsubscribe_address
        from comsoc_cli.rendering.mail import Mails, attaches_pdf
        from comsoc_cli.rendering.message import compiled

        shown, mails = order.shown, Mails(self.documents)
        slug, sender, segments = shown.release.slug, mails.specimen_sender(), shown.release.segments
        number = message_id(slug, shown.revision, Purpose.RELEASE, SPECIMEN.key, "comsoc.example")
        token = token_of(number)
        listed = list_headers(
            sender, slug=slug, purpose=Purpose.RELEASE, segment=segments[0] if segments else "", token=token
        )
        for text in shown.release.texts:
            pdf = None
            if attaches_pdf(shown, self.settings):
                kept = order.folder / file_in_kit(shown.release, text, "pdf")
                fresh = PDF in (*order.outputs, *order.current) and kept.is_file()
                pdf = kept.read_bytes() if fresh else self.documents.pdf(shown, text)
            mail = mails.mail(shown, text, pdf=pdf, purpose=shown.purpose)
            slots = mails.forms(text).slots(SPECIMEN, unsubscribe_address(sender, token))
            suffix = "" if text is shown.release else f".{primary(text.language)}"
            yield f"email{suffix}.txt", fill(mail.text, slots).encode()
            yield f"email{suffix}.html", fill(mail.html_for_file, slots, html.escape).encode()
            message = compiled(mail, sender).filled(
                address=SPECIMEN.address,
                name=SPECIMEN.name,
                message_id=number,
                date=text.date,
                slots=slots,
                listed=listed,
            )
            yield f"email{suffix}.eml", message


def put(path: Path, data: bytes) -> bool:
    """Write a file unless it holds these bytes already; whether it was written."""
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError as fault:
        raise StoreUnusable(path, fault) from None
    # A page that the power took is not as it was written, and so is made again.
    write_bytes(path, data, durable=False)
    return True


_press: Press | None = None


def warm(settings: Settings, templates_folder: Path, copies: Path, scratch: str) -> None:
    """Prepare a worker process once for all its orders; `scratch` is the build's, for what renderers lay down."""
    global _press
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch
    threading.Thread(target=_end_with_parent, args=(scratch,), daemon=True).start()
    _press = Press(settings, templates_folder, copies)
    gc.freeze()  # what is there now stays to the end; nobody need look through it again and again


def _end_with_parent(scratch: str) -> None:
    """A worker whose build was killed has no work left, and must tidy up by itself."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(1)


def fulfil(batch: Sequence[Sequence[Order]]) -> list[list[Done]]:
    """`Press.fulfil` for a few releases in a worker that was warmed."""
    assert _press
    return [_press.fulfil(orders) for orders in batch]
