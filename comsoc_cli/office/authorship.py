"""Who wrote a text, as git knows: everybody who committed a change of it, and whose changes are not committed yet."""

from collections.abc import Iterator
from pathlib import Path

from comsoc_cli.model.approval import Revision
from comsoc_cli.model.person import Person, looks
from comsoc_cli.model.release import Release
from comsoc_cli.office.git import Identity, answer
from comsoc_cli.office.vault import text_file

_RECORD, _PART = "\x01", "\x02"
_FORMAT = f"--format={_RECORD}%an{_PART}%ae{_PART}%aN{_PART}%aE{_PART}%(trailers:key=Co-authored-by,valueonly)"


def authors(folder: Path, release: Release, since: Revision | None, identity: Identity | None) -> tuple[Person, ...]:
    """Everybody who wrote at a release's texts since a revision, or ever; each once.

    Who is at the computer is an author of what is not committed: nobody else can have typed it. Outside of a repository
    nothing is committed.
    """
    found: dict[Person, None] = {}
    for text in release.texts:
        before = _approved_copy(text, release, since)
        for one in _committed(folder, text.path, before):
            found[one] = None
        if identity and _is_changed(folder, text.path):
            found[Person(identity.name, identity.email)] = None
    return tuple(found)


def address_of(folder: Path, name: str) -> str:
    """The address that somebody of this name commits with, or has set here; nothing where it is not known."""
    listed = f"{answer(folder, 'config', 'user.name')}{_PART}{answer(folder, 'config', 'user.email')}"
    for line in (listed, *answer(folder, "log", "--all", f"--format=%an{_PART}%ae").splitlines()):
        found, _, email = line.partition(_PART)
        if found and looks(found) == looks(name):
            return email
    return ""


def _approved_copy(text: Release, release: Release, since: Revision | None) -> Path | None:
    """The file of the vault that holds this text as it was approved."""
    if since is None:
        return None
    path = since.folder / text_file(text, release)
    return path if path.is_file() else None


def _committed(folder: Path, path: Path, before: Path | None) -> Iterator[Person]:
    """Who committed a change of a file, newest first, until the commit that has what was approved."""
    approved = answer(folder, "hash-object", "--", str(before)) if before else ""
    how = ("--follow", "--raw", "--no-abbrev", "--diff-merges=dense-combined")
    told = answer(folder, "--literal-pathspecs", "log", *how, _FORMAT, "--", str(path))
    for record in told.split(_RECORD)[1:]:
        words, _, rest = record.partition("\n:")
        *names, trailers = words.split(_PART)
        if approved and _blob(":" + rest) == approved:
            return
        yield Person(names[0], names[1])
        if names[2:] != names[:2]:
            yield Person(names[2], names[3])
        for line in trailers.splitlines():
            name, _, email = line.partition("<")
            if line.strip():
                yield Person(name.strip(), email.strip("> "))


def _blob(raw: str) -> str:
    """The file's content after a commit, by its hash: of ":100644 100644 <old> <new> M<tab>path"; "::" of a merge."""
    parents = len(raw) - len(raw.lstrip(":"))
    words = raw.lstrip(":").split()
    return words[2 * parents + 1] if len(words) > 2 * parents + 1 else ""


def _is_changed(folder: Path, path: Path) -> bool:
    """Whether what lies there is not what git has; it is not where git has nothing of it."""
    if not answer(folder, "ls-files", "--", str(path)):
        return True
    return bool(answer(folder, "status", "--porcelain", "--", str(path)))
