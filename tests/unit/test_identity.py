"""The office's look: a few lines in comsoc.toml reach page, newsroom, PDF and mail alike."""

import pytest

from comsoc_cli.model.colour import contrast, lighter
from comsoc_cli.model.settings import Identity
from comsoc_cli.rendering.identity import identity_view


@pytest.mark.parametrize("color", ["#000000", "#7a1f2b", "#1f3d7a", "#0f4c5c", "#333333"])
def test_on_dark_screens_every_colour_can_be_read(color: str) -> None:
    assert contrast(identity_view(Identity(color=color)).dark, "#12181a") >= 7


def test_contrast_is_what_the_guidelines_say() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lighter("#000000") > "#000000"
