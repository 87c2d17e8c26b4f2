"""Who judges what: each judge is given all its files at once and answers with findings."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from mail import mail_faults

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tools/judge"
JUDGES = ROOT / ".judges"
SPAM_BELOW = 1.0
#: What veraPDF's library needs besides itself; of Debian's libjaxb-java.
JAXB = ("jaxb-runtime", "jaxb-core", "jaxb-api", "javax.activation")
JAXB += ("istack-commons-runtime", "txw2", "stax-ex", "FastInfoset")


class Finding(NamedTuple):
    """What a judge has to say of a file."""

    path: str
    line: str
    text: str
    grave: bool = True


class Judge(NamedTuple):
    """A judge and the files that are put before it: names to take, and the beginning of those to leave."""

    name: str
    verdict: Callable[[Sequence[Path]], Iterator[Finding]]
    files: str
    but: str = " "


def said(*words: str | Path, stdin: bytes | None = None) -> list[str]:
    """The lines that a program has to say, on stdout and stderr."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    command = [str(word) for word in words]
    answer = subprocess.run(command, input=stdin, capture_output=True, cwd=JUDGES, env=environment, check=False)
    return [line for line in (answer.stdout + answer.stderr).decode(errors="replace").splitlines() if line.strip()]


def located(lines: Sequence[str]) -> Iterator[Finding]:
    """`path:line: text` or `path: text`; anything else is a judge that failed."""
    for line in lines:
        found = re.match(r"(?P<path>/.+?\.[a-z]+):(?:(?P<line>\d+):)? (?P<text>.*)", line)
        yield Finding(found["path"], found["line"] or "1", found["text"]) if found else Finding("", "", line)


def nu_html_checker(files: Sequence[Path]) -> Iterator[Finding]:
    jar = JUDGES / "node_modules/vnu-jar/build/dist/vnu.jar"
    for line in said("java", "-Xss4m", "-jar", jar, "--format", "gnu", *files):
        found = re.match(r'"file:(?P<path>.+?)":(?P<line>\d+)\.\S+: (?P<kind>[a-z ]+): (?P<text>.*)', line)
        if found:
            yield Finding(unquote(found["path"]), found["line"], found["text"], "error" in found["kind"])
        else:
            yield Finding("", "", line)


def axe(files: Sequence[Path]) -> Iterator[Finding]:
    return located(said("node", HERE / "axe.mjs", *files))


def qpdf(files: Sequence[Path]) -> Iterator[Finding]:
    for file in files:
        told = " | ".join(said("qpdf", "--check", file))
        if "No syntax or stream encoding errors found" not in told or "WARNING" in told:
            yield Finding(str(file), "1", told)


def verapdf(files: Sequence[Path]) -> Iterator[Finding]:
    jars = [f"/usr/share/java/{name}.jar" for name in JAXB] + [str(JUDGES / "verapdf.jar")]
    return located(said("java", "-cp", ":".join(jars), HERE / "VeraCheck.java", "ua1", *files))


def pdffonts(files: Sequence[Path]) -> Iterator[Finding]:
    for file in files:
        for line in [line for line in said("pdffonts", file) if not line.startswith("Syntax")][2:]:
            embedded, subset = line.split()[-5:-3]
            if (embedded, subset) != ("yes", "yes"):
                yield Finding(str(file), "1", f"{line.split()[0]}: embedded {embedded}, subset {subset}")


def spamassassin(files: Sequence[Path]) -> Iterator[Finding]:
    """One process reads all mails as one mbox: it takes longer to start than to judge."""
    mbox = b"".join(_in_mbox(number, file.read_bytes()) for number, file in enumerate(files))
    lines = said("spamassassin", "-L", "-t", "--mbox", stdin=mbox)
    unjudged, status = dict(enumerate(files)), ""
    for line in lines:
        if line.startswith("X-Spam-Status: "):
            status = line.removeprefix("X-Spam-Status: ")
        elif line.startswith("X-Judged: "):
            file = unjudged.pop(int(line.split()[1]))
            score = re.search(r"score=(-?[\d.]+)", status)
            if not score or float(score[1]) >= SPAM_BELOW:
                yield Finding(str(file), "1", status)
    yield from (Finding(str(file), "1", "not judged") for file in unjudged.values())


def _in_mbox(number: int, mail: bytes) -> bytes:
    """SpamAssassin answers in the order of the mails' dates: a number tells which is which."""
    body = re.sub(rb"^From ", b">From ", mail.replace(b"\r\n", b"\n"), flags=re.M)
    return b"From judge@medio.example Mon Nov 23 09:00:00 2026\nX-Judged: %d\n%s\n" % (number, body)


def strict_mail(files: Sequence[Path]) -> Iterator[Finding]:
    for file in files:
        yield from (Finding(str(file), str(line), text) for line, text in mail_faults(file.read_bytes()))


def feeds(files: Sequence[Path]) -> Iterator[Finding]:
    return located(said(JUDGES / "venv/bin/python", HERE / "feeds.py", *files))


def well_formed(files: Sequence[Path]) -> Iterator[Finding]:
    for file in files:
        try:
            ElementTree.parse(file)  # noqa: S314 - what comsoc wrote itself
        except ElementTree.ParseError as fault:
            yield Finding(str(file), str(fault.position[0]), str(fault))


#: A mail is no page: it speaks to mail programs of 2010 too, in words that the checkers of pages call obsolete.
JURY = (
    Judge("axe: WCAG 2.2 AA, best practice", axe, "*.html", but="email"),
    Judge("Nu HTML checker", nu_html_checker, "*.html", but="email"),
    Judge("veraPDF: PDF/UA-1", verapdf, "*.pdf"),
    Judge("qpdf --check", qpdf, "*.pdf"),
    Judge("pdffonts: embedded, subset", pdffonts, "*.pdf"),
    Judge("SpamAssassin: score < 1", spamassassin, "*.eml"),
    Judge("strict parser, lines, parts", strict_mail, "*.eml"),
    Judge("feedparser: Atom", feeds, "*.atom"),
    Judge("JSON Feed 1.1", feeds, "feed.json"),
    Judge("ninjs 2.1", feeds, "ninjs.json"),
    Judge("icalendar", feeds, "*.ics"),
    Judge("sitemap: well-formed", well_formed, "*.xml"),
)
