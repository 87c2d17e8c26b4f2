"""Places in a mail that differ from person to person.

A mail is rendered once for everybody who gets the same text; where the template prints something of the recipient, a
slot stands, and it is filled for each person without rendering again. Hence a template can only print what it knows of
a recipient: a condition would have to be decided before the person is known.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import nodes
from markupsafe import Markup

_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
NAMES = ("greeting", "name", "outlet", "address", "unsubscribe")
SLOT = re.compile(f"{_OPEN}({'|'.join(NAMES)}){_CLOSE}")
#: What is left of a slot that a template has not printed as it is: cut, in capitals, percent-encoded, escaped.
_BROKEN = re.compile(
    f"[{_OPEN}{_CLOSE}]|(?i:%EE%83%B[01]|\\\\ue0f[01]|&#(?:x0*e0f[01]|5758[45]);|\\\\xee\\\\x83\\\\xb[01])"
)


def _refuse(*_: object) -> NoReturn:
    raise ValueError("what is known of a recipient can only be printed; for another text write a variant")


class _Refusing:
    """A template that compares it, or calls upper or startswith, would decide for all recipients."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        return super().__getattribute__(name) if name.startswith("_") else _refuse()

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _refuse
    __len__ = __iter__ = __contains__ = __getitem__ = __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = _refuse


class _OnlyPrinted(_Refusing, str):
    """A slot as a template sees it."""

    __slots__ = ()


class _PrintedAsItIs(_Refusing, Markup):
    """Text with slots that a template keeps; it was escaped where it was written."""

    __slots__ = ()


class RecipientSlots:
    """`recipient` in the templates of mails."""

    greeting = _OnlyPrinted(f"{_OPEN}greeting{_CLOSE}")  #: "Buen día, Mesa de redacción:"
    name = _OnlyPrinted(f"{_OPEN}name{_CLOSE}")
    outlet = _OnlyPrinted(f"{_OPEN}outlet{_CLOSE}")
    address = _OnlyPrinted(f"{_OPEN}address{_CLOSE}")
    unsubscribe = _OnlyPrinted(f"{_OPEN}unsubscribe{_CLOSE}")  #: where a click, or a mail, ends it

    __str__ = __repr__ = _refuse


DECIDES, SEALS = "_decides", "_seals"  #: the filters through which goes what a template decides by, or keeps


def decides(value: Any) -> Any:
    """What a template decides by or makes something else of, which no slot may be part of, whatever it came through."""
    if isinstance(value, str) and _OPEN in str(value):
        _refuse()
    return value


def seals(value: Any) -> Any:
    """What a template keeps under a name: with a slot in it, it can only be printed."""
    if isinstance(value, str) and _OPEN in str(value):
        return _PrintedAsItIs(value) if isinstance(value, Markup) else _OnlyPrinted(value)
    return value


def watch(template: nodes.Template) -> nodes.Template:
    """A parsed template of a mail, in which nothing is decided by a slot, and nothing but text made of it."""
    watched = [(node, part) for node in template.find_all(tuple(_WATCHED)) for part in _WATCHED[type(node)]]
    bodies = [
        (parent, name, body)
        for parent in (template, *template.find_all(nodes.Node))
        for name, body in parent.iter_fields()
        if isinstance(body, list) and any(isinstance(one, nodes.AssignBlock) for one in body)
    ]
    for joined in list(template.find_all(nodes.Concat)):
        joined.nodes = [_through(DECIDES, one, joined.lineno) for one in joined.nodes]
    for node, part in watched:
        if (expression := getattr(node, part)) is not None:
            setattr(node, part, _through(DECIDES, expression, node.lineno))
    for parent, name, body in bodies:
        setattr(parent, name, [one for node in body for one in (node, *_sealing(node))])
    template.set_environment(template.environment)  # type: ignore[arg-type]
    return template


def _sealing(node: nodes.Node) -> Iterator[nodes.Node]:
    """After text was kept under a name, it is sealed."""
    if isinstance(node, nodes.AssignBlock) and isinstance(node.target, nodes.Name):
        name, line = node.target.name, node.lineno
        kept = _through(SEALS, nodes.Name(name, "load", lineno=line), line)
        yield nodes.Assign(nodes.Name(name, "store", lineno=line), kept, lineno=line)


def _through(name: str, expression: nodes.Expr, line: int) -> nodes.Filter:
    return nodes.Filter(expression, name, [], [], None, None, lineno=line)


#: Which parts of a node decide, or are made something else of.
_WATCHED: Mapping[type[nodes.Node], tuple[str, ...]] = {
    nodes.If: ("test",),
    nodes.CondExpr: ("test",),
    nodes.For: ("test",),
    nodes.Test: ("node",),
    nodes.Compare: ("expr",),
    nodes.Operand: ("expr",),
    nodes.And: ("left", "right"),
    nodes.Or: ("left", "right"),
    nodes.Not: ("node",),
    nodes.Filter: ("node",),
}


def only_printed(text: str) -> bool:
    """Whether every slot in a rendered text is whole."""
    return not _BROKEN.search(SLOT.sub("", text))


def fill(text: str, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """A text with its slots filled; a value is one line, whatever it was."""
    return SLOT.sub(lambda found: escape(" ".join(values[found[1]].split())), text)
