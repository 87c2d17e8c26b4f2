"""Puts what comsoc makes before its judges: the sample office, and an office of real posts where they are.

Run by `make judge`, after tools/judge-setup; given folders, judges what is in them instead. Prints a table and the
first findings with file and line; 1 if there is a fault. Each judge is also given a file in tools/judge/guilty/ that it
must condemn: one that lets it pass is no judge.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from jury import HERE, JURY, ROOT, Finding, Judge

COMSOC = Path(sys.executable).parent / "comsoc"
POSTS = ROOT.parent / "shared/corpus/posts"
MOST_POSTS = 60
SHOWN = 15  #: findings of one judge that are told
#: The sample office on a day on which some of its releases are public and some are not.
NOW = "2026-11-23T18:00:00+00:00"


class Sentence(NamedTuple):
    """What a judge found, in how many files and seconds."""

    judge: Judge
    files: int
    findings: Sequence[Finding]
    seconds: float

    @property
    def faults(self) -> int:
        return sum(found.grave for found in self.findings)


def comsoc(*words: str | Path, office: Path) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in (COMSOC, *words)]
    environment = {**os.environ, "COMSOC_NOW": NOW}
    return subprocess.run(command, cwd=office, env=environment, capture_output=True, text=True, check=False)


def built(office: Path, output: Path) -> Path:
    answer = comsoc("build", "--output", output, office=office)
    if answer.returncode:
        raise SystemExit(f"comsoc build, in {office}:\n{answer.stdout}{answer.stderr}")
    return output


def office_of_posts(posts: Sequence[Path], office: Path) -> Path:
    """English posts of all sources, in the sample office's settings; those that can be approved are on its site."""
    (office / "releases").mkdir(parents=True)
    settings = (ROOT / "comsoc.toml").read_text("utf-8")
    (office / "comsoc.toml").write_text(settings.replace('"es-MX"', '"en-US"'), "utf-8")
    most = min(MOST_POSTS, len(posts))
    for post in (posts[number * len(posts) // most] for number in range(most)):
        shutil.copyfile(post, office / "releases" / post.name)
        answer = comsoc("approve", post.stem, "--by", "judge", office=office)
    if not (office / "approved").is_dir():
        raise SystemExit(f"comsoc approve, in {office}:\n{answer.stderr}")
    return office


def office_of_corrections(office: Path) -> Path:
    """The sample office after a day on which one release was corrected and another declared of no effect."""
    office.mkdir()
    for name in ("comsoc.toml", "contacts.yaml", "suppressions.yaml"):
        shutil.copyfile(ROOT / name, office / name)
    for name in ("releases", "approved"):
        shutil.copytree(ROOT / name, office / name)
    for words in (
        ("send", "becas-2027", "planta-agua-elota", "--segment", "media", "--yes"),
        ("correct", "becas-2027", "--said", "48 mil", "--should", "84 mil", "--note", "La cifra era otra."),
        ("approve", "becas-2027", "--by", "judge"),
        ("send", "becas-2027", "--yes"),
        ("kill", "planta-agua-elota", "--reason", "El acto se pospone.", "--yes"),
    ):
        answer = comsoc(*words, office=office)
        if answer.returncode:
            raise SystemExit(f"comsoc {' '.join(words)}, in {office}:\n{answer.stdout}{answer.stderr}")
    return office


def with_one_of_each_mail(office: Path, output: Path) -> Path:
    """The first message of each subject that lies in the outbox, as a mail server hands it on."""
    subjects = set()
    for path in sorted((office / "outbox/new").iterdir()):
        subject = message_from_bytes(path.read_bytes(), policy=policy.default)["subject"]
        if subject not in subjects:
            subjects.add(subject)
            (output / f"sent-{len(subjects)}.eml").write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return output


def outputs(place: Path) -> Iterator[Path]:
    yield built(ROOT, place / "samples")
    corrections = office_of_corrections(place / "corrections")
    yield with_one_of_each_mail(corrections, built(corrections, place / "corrected"))
    if posts := sorted(POSTS.rglob("*.md")):
        yield built(office_of_posts(posts, place / "office"), place / "posts")


def sentence(judge: Judge, folders: Sequence[Path]) -> Sentence:
    began = time.monotonic()
    found = {path for folder in folders for path in folder.rglob(judge.files) if not path.name.startswith(judge.but)}
    guilty = set((HERE / "guilty").glob(judge.files))
    findings = list(judge.verdict(sorted(found) + sorted(guilty)))
    condemned = {Path(finding.path) for finding in findings if finding.grave} & guilty
    innocent = [Finding(str(path), "1", "is known to be bad, and was let pass") for path in guilty - condemned]
    nothing = [] if found and guilty else [Finding("", "", "nothing to judge")]
    told = [finding for finding in findings if Path(finding.path) not in guilty]
    return Sentence(judge, len(found), [*told, *innocent, *nothing], time.monotonic() - began)


def tell(given: Sentence, place: str) -> None:
    notes = len(given.findings) - given.faults
    verdict = f"{given.faults} faults" if given.faults else "clean"
    verdict += f", {notes} warnings" if notes else ""
    print(f"{given.judge.name:<34}{given.files:>6}{given.seconds:>8.1f}  {verdict}", flush=True)
    worst_first = sorted(given.findings, key=lambda finding: not finding.grave)
    for found in worst_first[:SHOWN]:
        kind = "" if found.grave else "warning: "
        print(f"    {found.path.removeprefix(place)}:{found.line}: {kind}{found.text[:300]}", flush=True)
    if len(given.findings) > SHOWN:
        print(f"    … and {len(given.findings) - SHOWN} more", flush=True)


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="comsoc-judge-") as place, ThreadPoolExecutor(2) as courts:
        folders = [Path(word).resolve() for word in sys.argv[1:]] or list(outputs(Path(place)))
        print(f"built in {time.monotonic() - began:.0f} s")
        print(f"{'judge':<34}{'files':>6}{'seconds':>8}  verdict", flush=True)
        faults = 0
        for given in courts.map(lambda judge: sentence(judge, folders), JURY):
            tell(given, f"{place}/")
            faults += given.faults
    print(f"{faults} faults, in {time.monotonic() - began:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
