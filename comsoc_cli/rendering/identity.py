"""The office's look: its colours, how they read on dark screens, and its logo."""

from dataclasses import dataclass

from comsoc_cli.model.colour import contrast, lighter
from comsoc_cli.model.settings import Identity
from comsoc_cli.rendering.record import Record

_DARK_PAPER = "#12181a"
_USUAL_DARK = "#8fcbd8"
_READABLE = 7.0  #: contrast of the colour with dark paper (WCAG 2.2, 1.4.6)


@dataclass(frozen=True, kw_only=True)
class IdentityView(Record):
    """`office.identity` in templates."""

    color: str  #: on white, and under white
    dark: str  #: in its place on dark screens
    logo: str  #: a file beside the templates, or nothing
    serif: bool  #: whether headlines are set in a serif


def identity_view(identity: Identity) -> IdentityView:
    """The office's look as templates use it."""
    dark = identity.dark or (_USUAL_DARK if identity.color == Identity.color else "")
    if not dark:
        dark = identity.color
        for _ in range(40):
            if contrast(dark, _DARK_PAPER) >= _READABLE:
                break
            dark = lighter(dark)
    return IdentityView(color=identity.color, dark=dark, logo=identity.logo, serif=identity.typeface == "serif")
