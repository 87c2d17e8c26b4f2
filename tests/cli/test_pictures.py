"""Pictures on pages: no larger than they are shown, upright, without what a camera wrote; the media kit."""

import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

from PIL import Image
from support.offices import Layout, a_release, comsoc
from support.photographs import a_photo

from comsoc_cli.rendering.metadata import cleaned


def built(office: Layout, picture: bytes, name: str = "foto.jpg", **changes: object) -> Path:
    images = [{"src": name, "alt": "Aula", "caption": "Entrega de becas", "credit": "Ana Ruiz"}]
    root = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(images=images, **changes),
            f"releases/becas/{name}": picture,
        }
    )
    approved = comsoc(root, "approve", "becas")
    assert approved.code == 0, approved.said
    answer = comsoc(root, "build", "--only", "web")
    assert answer.code == 0, answer.said
    return root / "dist/site/releases/becas"


def test_a_browser_may_choose_among_smaller_copies(office: Layout) -> None:
    folder = built(office, a_photo(2000, 1000))
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'width="2000" height="1000"' in page
    found = dict(re.findall(r"(media/\S+) (\d+)w", page))
    copies = {f"media/{width}/foto.jpg": f"{width}" for width in (480, 960, 1600)}
    assert found == {**copies, "media/foto.jpg": "2000"}
    for name, width in found.items():
        with Image.open(folder / name) as copy:
            assert copy.size == (int(width), int(width) // 2)
    front = (folder.parent.parent / "index.html").read_text(encoding="utf-8")
    assert dict(re.findall(r"releases/becas/(media/\S+) (\d+)w", front)) == found


def test_a_small_picture_has_no_copies(office: Layout) -> None:
    folder = built(office, a_photo(300, 200))
    assert "srcset" not in (folder / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (folder / "media").iterdir()) == ["foto.jpg", "share"]


def test_a_picture_within_the_text_comes_in_sizes_on_the_page_and_in_one_elsewhere(office: Layout) -> None:
    root = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release("Antes.\n\n![Un plano](plano.png)\n\nDespués."),
            "releases/becas/plano.png": a_photo(1200, 600, "PNG"),
        }
    )
    assert comsoc(root, "approve", "becas").code == 0
    assert comsoc(root, "build", "--only", "web,email").code == 0
    kit = root / "dist/press/becas"
    [picture] = re.findall(r"<img [^>]*plano[^>]*>", (kit / "index.html").read_text(encoding="utf-8"))
    assert 'width="1200" height="600"' in picture
    assert 'srcset="media/480/plano.png 480w, media/960/plano.png 960w, media/plano.png 1200w"' in picture
    for width in (480, 960):
        with Image.open(kit / f"media/{width}/plano.png") as copy:
            assert copy.size == (width, width // 2)
    for name in ("press/becas/email.html", "site/feed.json", "site/releases/becas/ninjs.json"):
        assert "plano.png" in (root / "dist" / name).read_text(encoding="utf-8")
        assert "srcset" not in (root / "dist" / name).read_text(encoding="utf-8")


def test_a_picture_is_scaled_once(office: Layout) -> None:
    folder = built(office, a_photo(1200, 600))
    root = folder.parents[3]
    kept = list((root / ".comsoc/pictures").iterdir())
    assert len(kept) == 3  # for the kit and for the site alike; and the one that other sites show
    text = root / "releases/becas/index.md"
    text.write_text(text.read_text(encoding="utf-8") + "\nOtro párrafo.\n", encoding="utf-8")
    mark = b"what was kept"
    for path in kept:
        path.write_bytes(mark)
    assert comsoc(root, "build", "--only", "web").code == 0
    assert (root / "dist/press/becas/media/480/foto.jpg").read_bytes() == mark
    (root / "releases/becas/foto.jpg").write_bytes(a_photo(1201, 600))
    assert comsoc(root, "build", "--only", "web").code == 0
    with Image.open(root / "dist/press/becas/media/480/foto.jpg") as copy:
        assert copy.width == 480


def test_a_picture_of_eighty_megapixels_is_no_trouble(office: Layout) -> None:
    out = io.BytesIO()
    Image.new("1", (8900, 9000)).save(out, "PNG")
    folder = built(office, out.getvalue(), "mapa.png")
    with Image.open(folder / "media/480/mapa.png") as copy:
        assert copy.width == 480


def test_the_media_kit_has_the_originals_with_captions_and_text_and_always_the_same_bytes(office: Layout) -> None:
    picture = a_photo(2000, 1000)
    folder = built(office, picture)
    path = folder / "becas-media.zip"
    assert 'href="becas-media.zip"' in (folder / "index.html").read_text(encoding="utf-8")
    with ZipFile(path) as kit:
        assert kit.namelist() == ["becas/becas.txt", "becas/becas-captions.txt", "becas/media/foto.jpg"]
        assert kit.read("becas/media/foto.jpg") == cleaned(picture)
        captions = kit.read("becas/becas-captions.txt").decode()
    assert "Entrega de becas" in captions
    assert "Ana Ruiz" in captions
    before = path.read_bytes()
    assert comsoc(folder.parents[3], "build", "--force", "--only", "web").code == 0
    assert path.read_bytes() == before


def test_the_page_says_who_published_it_in_a_way_that_nothing_breaks_out_of(office: Layout) -> None:
    folder = built(office, a_photo(600, 400), headline="Becas </script><script>alert(1)</script> & más")
    page = (folder / "index.html").read_text(encoding="utf-8")
    [structured] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    article = json.loads(structured)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "Becas </script><script>alert(1)</script> & más"
    assert article["publisher"]["@type"] == "GovernmentOrganization"
    assert article["image"] == ["https://prensa.sinaloa.example/releases/becas/media/foto.jpg"]
    assert page.count("<script") == 2  # this one, and the one that copies the text
