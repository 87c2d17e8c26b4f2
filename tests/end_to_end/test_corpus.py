"""Real posts of other programs build as they are. The corpus is no part of the project: without it, skipped."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import ROOT, comsoc

POSTS = ROOT.parent / "shared" / "corpus" / "posts"
pytestmark = [
    pytest.mark.skipif(not POSTS.is_dir(), reason="../shared/corpus/posts is not there"),
]


def test_all_real_posts_build(office: Callable[..., Path]) -> None:
    root = office({"releases/becas.md": None})
    shutil.copytree(POSTS, root / "releases", copy_function=shutil.copyfile)
    answer = comsoc(root, "build", "--json")
    releases = answer.json["releases"]
    assert answer.code == 0
    assert len(releases) == sum(1 for _ in POSTS.rglob("*.md")) == 297
    assert all(Path(path).stat().st_size for release in releases for path in release["outputs"].values())
    rules = {problem["rule"] for release in releases for problem in release["problems"]}
    assert "shortcode" in rules
    assert not [problem for release in releases for problem in release["problems"] if problem["severity"] == "error"]
