"""Templates: the packaged ones, those of the office that replace them, and what goes wrong in them."""

import mimetypes
import signal
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NoReturn

import jinja2
import jinja2.nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from comsoc_cli.catalogue import translations
from comsoc_cli.errors import Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.office.media import acting
from comsoc_cli.rendering.characters import printable
from comsoc_cli.rendering.metadata import cleaned
from comsoc_cli.rendering.record import NotPrinted
from comsoc_cli.rendering.slots import DECIDES, SEALS, RecipientSlots, decides, seals, watch
from comsoc_cli.rendering.tables import in_mail, on_screen, on_sheet
from comsoc_cli.rendering.typography import typeset

SECONDS = 20
_ESCAPED = (".html", ".xml", ".atom", ".htm", ".svg")


class TemplateFault(Refusal):
    """A template cannot be used; names the template, its line and the release."""

    def __init__(self, template: str, line: int | None, release: str, message: Message) -> None:
        place = f"templates/{template}:{line}" if line else f"templates/{template}"
        super().__init__(
            said("{place}: {message} (while rendering “{release}”).", place=place, message=message, release=release),
            said("Correct the template, or remove it to use comsoc's own."),
        )


class _TooLong(Exception):
    pass


def _printed(value: Any) -> Any:
    """What a template prints: texts, figures and dates as they are, nothing for nothing, and no objects of ours."""
    if isinstance(value, str | int | float | date | time | jinja2.Undefined):
        return value
    if value is None:
        return ""
    if isinstance(value, RecipientSlots):
        return str(value)  # which says what may be done with it
    raise NotPrinted


def _no_json(value: object) -> NoReturn:
    raise NotPrinted


def packaged_folder() -> Path:
    """The packaged templates: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class _Sandbox(ImmutableSandboxedEnvironment):
    """A template gets values and nothing else; fields of our records, most of what it asks for, take the short way."""

    is_of_mails = False  #: whether what it renders differs from person to person

    def getattr(self, obj: Any, attribute: str) -> Any:
        record = getattr(type(obj), "__dataclass_fields__", None)
        if record and attribute in record and attribute[0] != "_":
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def _generate(self, source: jinja2.nodes.Template, *args: Any, **kwargs: Any) -> str:
        """Jinja's hook before a template becomes code."""
        return super()._generate(watch(source) if self.is_of_mails else source, *args, **kwargs)


class _Folder(jinja2.FileSystemLoader):
    """A folder of templates; a link that leads out of it is no template."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        source, path, fresh = super().get_source(environment, template)
        if not any(Path(path).resolve().is_relative_to(Path(folder).resolve()) for folder in self.searchpath):
            raise jinja2.TemplateNotFound(template)
        return source, path, fresh


class Templates:
    """Finds and renders templates for one office; a file of the office replaces the packaged one of the same name."""

    def __init__(self, own: Path | None) -> None:
        packaged = packaged_folder()
        folders = [_Folder(own)] if own and own.is_dir() else []
        self.folders = [*([own] if own and own.is_dir() else []), packaged]
        self._loader = jinja2.ChoiceLoader(
            [
                *folders,
                jinja2.PrefixLoader({"comsoc": jinja2.FileSystemLoader(packaged)}),
                jinja2.FileSystemLoader(packaged),
            ]
        )
        self._environments: dict[tuple[str, bool], jinja2.Environment] = {}

    def has(self, name: str) -> bool:
        return any((folder / name).is_file() for folder in self.folders)

    def file(self, name: str) -> Path | None:
        """A file beside the templates, such as a font; nothing that leads out of their folders."""
        for folder in self.folders:
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()) and path.is_file():
                return path
        return None

    def mention(self, words: str) -> tuple[str, int] | None:
        """The first template and line that hold these words, for a sentence about them."""
        for folder in self.folders:
            for path in sorted([*folder.glob("*.css"), *folder.glob("*.html")]):
                for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                    if words in line:
                        return path.name, number
        return None

    def picture(self, name: str) -> str:
        """A picture beside the templates as an address that holds it (RFC 2397).

        Nothing where there is none, or only a drawing that does more than draw.
        """
        path = self.file(name)
        kind = mimetypes.guess_type(name)[0] or ""
        if path is None or not kind.startswith("image/") or acting(path, name):
            return ""
        return f"data:{kind};base64,{b64encode(cleaned(path.read_bytes())).decode('ascii')}"

    def render(self, name: str, *, language: str, release: str, values: Mapping[str, object]) -> str:
        """Render a template in a language; raises TemplateFault. `release` is what an error names."""
        try:
            with _deadline(SECONDS):
                environment = self._environment(language, of_mails="recipient" in values)
                return printable(environment.get_template(name).render(values))
        except jinja2.TemplateNotFound as fault:
            wanted = said("the template “{name}” does not exist", name=fault.name or name)
            where, line = _line(fault.__traceback__, self.folders)
            raise TemplateFault(where or name, line, release, wanted) from None
        except jinja2.TemplateSyntaxError as fault:
            message = said("it cannot be understood: {cause}", cause=fault.message or "")
            raise TemplateFault(_shown(fault.filename, self.folders) or name, fault.lineno, release, message) from None
        except Exception as fault:
            where, line = _line(fault.__traceback__, self.folders)
            raise TemplateFault(where or name, line, release, _in_words(fault)) from None

    def _environment(self, language: str, *, of_mails: bool = False) -> jinja2.Environment:
        if (language, of_mails) not in self._environments:
            environment = _Sandbox(
                loader=self._loader,
                undefined=jinja2.StrictUndefined,
                autoescape=lambda name: bool(name) and name.endswith(_ESCAPED),
                extensions=["jinja2.ext.i18n"],
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                auto_reload=False,
                finalize=_printed,
            )
            environment.globals["picture"] = self.picture
            environment.filters |= {
                "typeset": typeset,
                "on_sheet": on_sheet,
                "on_screen": on_screen,
                "in_mail": in_mail,
            }
            environment.filters |= {DECIDES: decides, SEALS: seals}
            environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": _no_json}
            del environment.filters["pprint"]  # it shows what only programs read
            environment.is_of_mails = of_mails
            environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
            self._environments[language, of_mails] = environment
        return self._environments[language, of_mails]


def _in_words(fault: Exception) -> Message:
    if isinstance(fault, jinja2.UndefinedError):
        return said("it uses something that does not exist: {cause}", cause=fault.message or "")
    if isinstance(fault, SecurityError):
        return said("it reaches for something that templates may not use: {cause}", cause=str(fault))
    if isinstance(fault, RecursionError):
        return said("it includes itself without end")
    if isinstance(fault, NotPrinted):
        return said(
            "it prints a whole record or list; name what is meant of it, such as office.name, or join its parts"
        )
    if isinstance(fault, _TooLong):
        return said("it did not end within {seconds} seconds", seconds=SECONDS)
    return said("it failed: {cause}", cause=f"{type(fault).__name__}: {fault}")


def _line(trace: TracebackType | None, folders: list[Path]) -> tuple[str, int | None]:
    """The innermost template and line of a traceback; Jinja writes them into it."""
    found: tuple[str, int | None] = ("", None)
    while trace:
        name = _shown(trace.tb_frame.f_code.co_filename, folders)
        if name:
            found = (name, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _shown(filename: str | None, folders: list[Path]) -> str:
    for folder in folders:
        if filename and Path(filename).is_relative_to(folder):
            return Path(filename).relative_to(folder).as_posix()
    return ""


@contextmanager
def _deadline(seconds: int) -> Iterator[None]:
    """Stops a template that takes for ever; only the main thread of a process can be stopped so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> NoReturn:
        raise _TooLong

    before: Any = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
