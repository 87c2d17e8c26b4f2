"""The vault: what was approved, text and media, one folder per slug and revision; read, verified, never edited."""

import contextlib
import hashlib
import json
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from comsoc_cli.message import Message, said
from comsoc_cli.model.approval import Approval, Assent, EmbargoChange, Kill, Revision, Urgency, Withdrawal, as_moved
from comsoc_cli.model.audience import AudienceChange
from comsoc_cli.model.person import Person
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.audience import AUDIENCE, read_audience
from comsoc_cli.office.desk import Place, read_place
from comsoc_cli.office.digests import Digest, file_digest
from comsoc_cli.office.files import FileFault, StoreUnusable, below, write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.marks import read_marks
from comsoc_cli.office.missing import Told, missing_in_the_vault, told_by_receipts
from comsoc_cli.office.receipts import first_sent
from comsoc_cli.office.release_text import ReleaseReader
from comsoc_cli.office.sealed import read_sealed, sealed_text, whole_moment
from comsoc_cli.office.signatures import SIGNATURE, audience_act, audience_stem, with_proofs, write_signatures

APPROVAL = "approval.yaml"
_NO_APPROVAL = said("this is no approval as comsoc writes them")
#: What file managers leave in any folder that somebody looks into.
_LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_TEXT = re.compile(r"index(?:\.([a-z]{2}(?:-[A-Z]{2})?))?\.md")


@dataclass(frozen=True, kw_only=True)
class Vault:
    """Every approved revision by slug, oldest first, and what is wrong in the vault."""

    revisions: dict[str, list[Revision]] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)  #: slugs of which a revision cannot be read at all
    kills: dict[str, Kill] = field(default_factory=dict)
    changes: dict[str, tuple[EmbargoChange, ...]] = field(default_factory=dict)  #: of embargoes, oldest first
    audiences: dict[str, tuple[AudienceChange, ...]] = field(default_factory=dict)  #: changes of them, oldest first
    #: When somebody first got it: surely of what was corrected or killed, since notices tell it.
    sent: dict[str, datetime] = field(default_factory=dict)

    def add(self, problems: Mapping[str, Sequence[Problem]]) -> None:
        """More that is wrong, by slug."""
        for slug, found in problems.items():
            self.problems.setdefault(slug, []).extend(found)

    def newest(self, slug: str) -> Revision | None:
        found = self.revisions.get(slug)
        return found[-1] if found else None


def read_vault(office: Office, slugs: set[str] | None = None, *, digest: Digest = file_digest) -> Vault:
    """The vault, or only these releases of it; every digest is made anew from the files, unless `digest` knows it."""
    vault = Vault()
    reader, told = ReleaseReader(office.settings, office.root), told_by_receipts(office)
    for folder in _folders(office.vault):
        if slugs is None or folder.name in slugs:
            read_revisions(
                office, reader, folder, vault, told.get(folder.name), every_send=slugs is not None, digest=digest
            )
    return vault


def read_revisions(
    office: Office,
    reader: ReleaseReader,
    folder: Path,
    vault: Vault,
    told: Told | None,
    *,
    every_send: bool = True,
    digest: Digest = file_digest,
) -> None:
    """Add every revision of one release to a vault; every digest is made anew from the files, unless `digest` knows it.

    `told` is what the receipts say of it: where they know of more, something is missing. Without `every_send` only the
    receipts of what was corrected or killed are opened, so that reading the whole vault stays cheap.
    """
    changes = _read_marks(office, folder, vault)
    for revision_folder in sorted(_folders(folder), key=_ordinal):
        if not _ordinal(revision_folder):
            continue
        revision, problem = _read_revision(office, reader, folder.name, revision_folder, digest)
        if revision:
            revision = replace(revision, release=as_moved(revision.release, changes)) if changes else revision
            vault.revisions.setdefault(folder.name, []).append(revision)
        else:
            vault.unreadable.add(folder.name)
        if problem:
            vault.problems.setdefault(folder.name, []).append(problem)
    if told and folder.is_dir():
        slug, revisions = folder.name, vault.revisions.get(folder.name, [])
        if (every_send or slug in vault.kills or len(revisions) > 1) and (sent := first_sent(office, told.texts)):
            vault.sent[slug] = sent
        lost = missing_in_the_vault(
            office,
            slug,
            told,
            revisions=revisions,
            kill=vault.kills.get(slug),
            changes=changes,
            audience=vault.audiences.get(slug, ()),
        )
        for problem in lost:
            vault.problems.setdefault(slug, []).append(problem)


def _read_marks(office: Office, folder: Path, vault: Vault) -> tuple[EmbargoChange, ...]:
    """What was said of the whole release; a mark that cannot be read is a problem, which holds it."""
    slug, marks = folder.name, read_marks(office, folder)
    if marks.kill:
        vault.kills[slug] = marks.kill
    if marks.changes:
        vault.changes[slug] = marks.changes
    if marks.problems:
        vault.problems.setdefault(slug, []).extend(marks.problems)
    try:
        if audience := read_audience(folder):
            vault.audiences[slug] = _with_proofs_of_audience(office, folder, audience)
    except FileFault as fault:
        path = office.name_of(folder / AUDIENCE)
        vault.problems.setdefault(slug, []).append(
            Problem(path=path, line=fault.line, rule="vault", message=fault.message)
        )
    return marks.changes


def _with_proofs_of_audience(
    office: Office, folder: Path, audience: tuple[AudienceChange, ...]
) -> tuple[AudienceChange, ...]:
    """The changes with what verifies their signatures, where the office has approvals signed."""
    if not office.settings.approval.signed:
        return audience
    found = []
    for number, one in enumerate(audience, start=1):
        act, stem = audience_act(one.segment, removed=one.removed), audience_stem(number)
        assents = with_proofs(office.root, folder, one.approval, act=act, stem=stem)
        found.append(replace(one, approval=replace(one.approval, assents=assents)))
    return tuple(found)


def slugs_in_the_vault(office: Office) -> list[str]:
    """The releases that have a folder there, by name."""
    return [folder.name for folder in _folders(office.vault)]


def mend(office: Office) -> None:
    """Bring back a revision that was being replaced when the power went; under the approvals' lock."""
    for old in office.vault.glob("*/.r*.old"):
        revision = old.parent / old.name[1:].removesuffix(".old")
        if not revision.exists():
            old.rename(revision)


def digest_of(release: Release, revision: int) -> str:
    """What an approval is bound to: slug, revision, frontmatter as canonical JSON, bodies, and every file's content."""
    files: dict[str, str] = {}
    for text in release.texts:
        for name, path in text.files.items():
            files[name] = file_digest(path)
    return _digest(release, revision, files)


def next_number(vault: Vault, settings: Settings, kind: str, year: int, series: str = "") -> int | None:
    """The next number in a kind's series of the year; None for a kind without numbers.

    `series` is the agency where each has its own.
    """
    if not settings.kinds[kind].numbered:
        return None
    given = [
        (revision.approval.series, revision.approval.year, revision.approval.number)
        for revisions in vault.revisions.values()
        for revision in revisions
        if revision.release.kind == kind and revision.approval.number is not None
    ]
    # The first year of the kind: an agency that is new in a later one begins with 1, as the others do in January.
    is_first_year = all(earlier >= year for _, earlier, _ in given)
    begins = settings.kinds[kind].begins_at(year, series, is_first_year=is_first_year)
    return max([begins, *[number + 1 for its, its_year, number in given if (its, its_year) == (series, year)]])


def store(office: Office, release: Release, approval: Approval, signatures: Mapping[int, bytes] | None = None) -> Path:
    """Copy a release into the vault under its approval, whole or not at all; raises StoreUnusable."""
    folder = office.vault / release.slug
    final = folder / f"r{approval.revision}"
    fresh = folder / f".{final.name}.new"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        _copy(release, fresh)
        write_text(fresh / APPROVAL, approval_text(approval))
        if signatures:
            write_signatures(fresh, signatures)
        old = folder / f".{final.name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            final.rename(old)
        fresh.rename(final)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as fault:
        raise StoreUnusable(final, fault) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.rmdir()  # only where nothing was stored
    return final


def approval_text(approval: Approval) -> str:
    """approval.yaml"""

    def said_by(one: Assent | Urgency | Withdrawal) -> dict[str, Any]:
        told = {field.name: getattr(one, field.name) for field in fields(one) if field.compare}
        return {**told, "at": one.at.isoformat(timespec="seconds")}

    return sealed_text(
        {
            "slug": approval.slug,
            "revision": approval.revision,
            "number": approval.number,
            **({"number_text": approval.number_text} if approval.number_text else {}),
            **({"series": approval.series} if approval.series else {}),
            "year": approval.year,
            "author": approval.author,
            "authors": [{"name": one.name, "email": one.email} for one in approval.authors],
            "digest": approval.digest,
            "approvals": [said_by(one) for one in approval.assents],
            "urgent": said_by(approval.urgent) if approval.urgent else {},
            "withdrawn": said_by(approval.withdrawn) if approval.withdrawn else {},
        }
    )


def rewrite(office: Office, approval: Approval, signatures: Mapping[int, bytes] | None = None) -> None:
    """Put another approval, with its signatures, beside a text that stays as it is; raises StoreUnusable."""
    folder = office.vault / approval.slug / f"r{approval.revision}"
    if signatures is not None:
        write_signatures(folder, signatures)
    write_text(folder / APPROVAL, approval_text(approval))


def _folders(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):  # one that cannot be read: what receipts tell of is missing in it
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    return []


def _ordinal(folder: Path) -> int:
    found = re.fullmatch(r"r([1-9]\d*)", folder.name)
    return int(found[1]) if found else 0


def _read_revision(
    office: Office, reader: ReleaseReader, slug: str, folder: Path, digest: Digest
) -> tuple[Revision | None, Problem | None]:
    """A revision of the vault, or the problem that keeps it from being one."""

    def problem(path: Path, message: Message, line: int | None = None) -> Problem:
        return Problem(path=office.name_of(path), line=line, rule="vault", message=message)

    try:
        approval = _read_approval(folder / APPROVAL)
    except FileFault as fault:
        return None, problem(folder / APPROVAL, fault.message, fault.line)
    if office.settings.approval.signed:
        approval = replace(approval, assents=with_proofs(office.root, folder, approval))
    if not approval.moments:
        return None, problem(folder / APPROVAL, _NO_APPROVAL)
    entries = {entry.path[len(f"{folder}/") :]: entry for entry in below(folder) if entry.name not in _LEFT_BY_SYSTEMS}
    if folder.is_symlink() or any(entry.is_symlink() for entry in entries.values()):
        return None, problem(folder, said("a link stands there instead of what was approved"))
    texts = {name: found for name in sorted(entries) if (found := _TEXT.fullmatch(name))}
    translations = tuple((found[1], folder / name) for name, found in texts.items() if found[1])
    place = Place(slug=slug, text=folder / "index.md", translations=translations)
    release, problems = read_place(reader, place)
    if release is None:
        first = problems[0]
        return None, problem(folder / "index.md", first.message, first.line)
    try:
        files = {
            name: digest(folder / name)
            for name, entry in entries.items()
            if entry.is_file() and not (name in texts or name == APPROVAL or _is_signature(name, release, approval))
        }
    except OSError as fault:
        return None, problem(folder, said("a file there cannot be read: {cause}", cause=fault.strerror or str(fault)))
    found_digest = _found_digest(release, _ordinal(folder), files, approval.digest)
    if (approval.slug, approval.revision) != (slug, _ordinal(folder)):
        message = said("this approval belongs to “{slug}”, revision {revision}",
                       slug=approval.slug, revision=approval.revision)  # fmt: skip
        return None, problem(folder / APPROVAL, message)
    revision = Revision(release=release, approval=approval, folder=folder, found_digest=found_digest)
    if revision.intact:
        return revision, None
    message = said("what lies in the vault is not what was approved: a file there was changed, added or taken away")
    return revision, problem(folder, message)


def _found_digest(release: Release, revision: int, files: dict[str, str], approved: str) -> str:
    """The digest of what lies there; some Macs spell the accents of names in their own way (Unicode NFD)."""
    found = _digest(release, revision, files)
    if found == approved:
        return found
    composed = {unicodedata.normalize("NFC", name): digest for name, digest in files.items()}
    return approved if _digest(release, revision, composed) == approved else found


def _is_signature(name: str, release: Release, approval: Approval) -> bool:
    """Whether a file is the signature of an approval, and no file of the release that is called so."""
    parts = SIGNATURE.fullmatch(name)
    return (
        parts is not None
        and int(parts[1]) <= len(approval.assents)
        and not any(name in text.files for text in release.texts)
    )


def _read_approval(path: Path) -> Approval:
    data = read_sealed(path)
    try:
        urgent, withdrawn = data.get("urgent"), data.get("withdrawn")
        assents = tuple(Assent(**_with_moment(one)) for one in data.get("approvals", ()))
        return Approval(
            slug=str(data["slug"]),
            revision=int(data["revision"]),
            digest=str(data["digest"]),
            assents=assents,
            author=str(data.get("author") or ""),
            authors=tuple(Person(**one) for one in data.get("authors", ())),
            number=int(data["number"]) if data.get("number") else None,
            number_text=str(data.get("number_text") or ""),
            series=str(data.get("series") or ""),
            year=int(data["year"]),
            urgent=Urgency(**_with_moment(urgent)) if urgent else None,
            withdrawn=Withdrawal(**_with_moment(withdrawn)) if withdrawn else None,
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise FileFault(_NO_APPROVAL) from None


def _with_moment(told: dict[str, str]) -> dict[str, Any]:
    return {**told, "at": whole_moment(told["at"])}


def _copy(release: Release, folder: Path) -> None:
    for text in release.texts:
        shutil.copyfile(text.path, folder / text_file(text, release))
        for name, path in text.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def text_file(text: Release, original: Release) -> str:
    """The name of a text's file in its revision's folder: index.md, index.en.md."""
    return "index.md" if text is original else f"index.{_suffix(text)}.md"


def _suffix(translation: Release) -> str:
    """The language in a translation's file name: "en" of becas.en.md."""
    return translation.path.name.removesuffix(".md").rpartition(".")[2]


def _digest(release: Release, revision: int, files: dict[str, str]) -> str:
    content = {
        "slug": release.slug,
        "revision": revision,
        "texts": [
            {"language": "" if text is release else _suffix(text), "frontmatter": text.frontmatter, "body": text.body}
            for text in release.texts
        ],
        "files": files,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
