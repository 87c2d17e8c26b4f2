"""Places in a mail that differ from person to person.

A mail is rendered once for everybody who gets the same text; where the template prints something of the recipient, a
slot stands, and it is filled for each person without rendering again. Hence a template can only print what it knows of
a recipient: a condition would have to be decided before the person is known.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
NAMES = ("greeting", "name", "outlet", "address", "unsubscribe")
SLOT = re.compile(f"{_OPEN}({'|'.join(NAMES)}){_CLOSE}")
#: What is left of a slot that a template has not printed as it is: cut, in capitals, percent-encoded, escaped.
_BROKEN = re.compile(
    f"[{_OPEN}{_CLOSE}]|(?i:%EE%83%B[01]|\\\\ue0f[01]|&#(?:x0*e0f[01]|5758[45]);|\\\\xee\\\\x83\\\\xb[01])"
)


def _refuse(*_: object) -> NoReturn:
    raise ValueError("what is known of a recipient can only be printed; for another text write a variant")


class _OnlyPrinted(str):
    """A slot as a template sees it: whoever compares it, or calls upper or startswith, would decide for everybody."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        return super().__getattribute__(name) if name.startswith("_") else _refuse()

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _refuse
    __len__ = __iter__ = __contains__ = __getitem__ = __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = _refuse


class RecipientSlots:
    """`recipient` in the templates of mails."""

    greeting = _OnlyPrinted(f"{_OPEN}greeting{_CLOSE}")  #: "Buen día, Mesa de redacción:"
    name = _OnlyPrinted(f"{_OPEN}name{_CLOSE}")
    outlet = _OnlyPrinted(f"{_OPEN}outlet{_CLOSE}")
    address = _OnlyPrinted(f"{_OPEN}address{_CLOSE}")
    unsubscribe = _OnlyPrinted(f"{_OPEN}unsubscribe{_CLOSE}")  #: where a click, or a mail, ends it

    __str__ = _refuse


def only_printed(text: str) -> bool:
    """Whether every slot in a rendered text is whole."""
    return not _BROKEN.search(SLOT.sub("", text))


def fill(text: str, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """A text with its slots filled; a value is one line, whatever it was."""
    return SLOT.sub(lambda found: escape(" ".join(values[found[1]].split())), text)
