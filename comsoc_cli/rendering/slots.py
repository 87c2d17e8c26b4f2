"""Places in a mail that differ from person to person.

A mail is rendered once for everybody who gets the same text; where the template prints something of the recipient, a
slot stands, and it is filled for each person without rendering again. Hence a template can only print what it knows of
a recipient: a condition would have to be decided before the person is known.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import nodes

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


DECIDES = "_decides"  #: the filter through which goes what a template decides by


def decides(value: Any) -> Any:
    """What a template decides by, which no slot may be part of, whatever it was made with."""
    if isinstance(value, str) and _OPEN in str(value):
        _refuse()
    return value


def watch_decisions(template: nodes.Template) -> nodes.Template:
    """A parsed template whose conditions, comparisons and tests ask `decides`, where it speaks of a recipient."""
    if not any(name.name == "recipient" for name in template.find_all(nodes.Name)):
        return template
    for kind, parts in _DECIDING.items():
        for node in list(template.find_all(kind)):
            for part in parts:
                if (expression := getattr(node, part)) is not None:
                    asked = nodes.Filter(expression, DECIDES, [], [], None, None, lineno=node.lineno)
                    setattr(node, part, asked)
    return template.set_environment(template.environment)  # type: ignore[return-value, arg-type]


#: Which parts of a node decide.
_DECIDING: Mapping[type[nodes.Node], tuple[str, ...]] = {
    nodes.If: ("test",),
    nodes.CondExpr: ("test",),
    nodes.For: ("test",),
    nodes.Test: ("node",),
    nodes.Compare: ("expr",),
    nodes.Operand: ("expr",),
    nodes.And: ("left", "right"),
    nodes.Or: ("left", "right"),
    nodes.Not: ("node",),
}


def only_printed(text: str) -> bool:
    """Whether every slot in a rendered text is whole."""
    return not _BROKEN.search(SLOT.sub("", text))


def fill(text: str, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """A text with its slots filled; a value is one line, whatever it was."""
    return SLOT.sub(lambda found: escape(" ".join(values[found[1]].split())), text)
