"""Who wrote a text, as git knows: everybody who committed a change of it, and whose changes are not committed yet."""

from collections.abc import Iterator
from pathlib import Path

from comsoc_cli.errors import SAFEGUARD, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.person import Person, looks
from comsoc_cli.model.release import Release
from comsoc_cli.office.git import Identity, answer, told
from comsoc_cli.office.vault import text_file

_RECORD, _PART = "\x01", "\x02"
_NAMES = _PART.join(("%an", "%ae", "%aN", "%aE", "%cn", "%ce", "%cN", "%cE"))
_FORMAT = f"--format={_RECORD}{_NAMES}{_PART}%(trailers:key=Co-authored-by,valueonly)"
#: What somebody may have set for other uses of git, and what would hide commits here.
_WHOLE = ("-c", "log.showRoot=true", "--literal-pathspecs")


class AuthorsUnknown(Refusal):
    """With four eyes, who wrote a text must be known before anybody approves it."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str, *, shallow: bool) -> None:
        super().__init__(
            said(
                "Nothing was done: git cannot tell who wrote “{slug}”, and [approval] four_eyes asks for it.", slug=slug
            ),
            said("This copy has only a part of the history: git fetch --unshallow")
            if shallow
            else said("See what git says: git log --follow -- {slug}; git 2.31 or newer is needed.", slug=slug),
        )


def authors(
    folder: Path, release: Release, since: Revision | None, identity: Identity | None, *, must_be_known: bool = False
) -> tuple[Person, ...]:
    """Everybody who wrote at a release's texts since a revision, or ever; each once.

    The person at the computer is an author of what is not committed: no other can have typed it. Outside of a
    repository nothing is committed. With `must_be_known`, pictures and attachments count too, and it raises
    AuthorsUnknown where git fails or has a part of the history only.
    """
    history = _History(folder)
    found: dict[Person, None] = {}
    for path, before in _files(release, since, with_media=must_be_known):
        for one in history.committed(path, before):
            found[one] = None
        if identity and history.is_changed(path):
            found[Person(identity.name, identity.email)] = None
    if must_be_known and (history.failed or history.is_shallow):
        raise AuthorsUnknown(release.slug, shallow=not history.failed)
    return tuple(found)


def address_of(folder: Path, name: str) -> str:
    """The address that a person of this name commits with, or has set here; nothing where it is not known."""
    listed = f"{answer(folder, 'config', 'user.name')}{_PART}{answer(folder, 'config', 'user.email')}"
    for line in (listed, *answer(folder, "log", "--all", f"--format=%an{_PART}%ae").splitlines()):
        found, _, email = line.partition(_PART)
        if found and looks(found) == looks(name):
            return email
    return ""


def _files(release: Release, since: Revision | None, *, with_media: bool) -> Iterator[tuple[Path, Path | None]]:
    """Each file that an approval binds, and what the vault has of it as it was approved."""
    for text in release.texts:
        yield text.path, _there(since, text_file(text, release))
    media = {name: path for text in release.texts for name, path in text.files.items()} if with_media else {}
    for name, path in media.items():
        yield path, _there(since, name)


def _there(since: Revision | None, name: str) -> Path | None:
    path = since.folder / name if since else None
    return path if path and path.is_file() else None


class _History:
    """What git knows of the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_repository = bool(answer(folder, "rev-parse", "--is-inside-work-tree"))
        self.failed = False

    @property
    def is_shallow(self) -> bool:
        return answer(self.folder, "rev-parse", "--is-shallow-repository") == "true"

    def committed(self, path: Path, before: Path | None) -> Iterator[Person]:
        """Who committed a change of a file, newest first, back to the first commit that has what was approved."""
        if not self.is_repository or not answer(self.folder, "rev-parse", "--verify", "--quiet", "HEAD"):
            return
        approved = answer(self.folder, "hash-object", "--", str(before)) if before else ""
        how = ("-O/dev/null", "--follow", "--raw", "--no-abbrev", "--diff-merges=dense-combined")
        found = told(self.folder, *_WHOLE, "log", *how, _FORMAT, "--", str(path))
        self.failed = self.failed or found is None
        records = (found or "").split(_RECORD)[1:]
        # A change that was taken back and made again stands after what was approved, though the file was so in between.
        same = [number for number, record in enumerate(records) if approved and _blob(_raw(record)) == approved]
        for record in records[: same[-1] if same else None]:
            *names, trailers = record.partition("\n:")[0].split(_PART)
            yield from dict.fromkeys(Person(*names[first : first + 2]) for first in range(0, len(names), 2))
            for line in trailers.splitlines():
                name, _, email = line.partition("<")
                if line.strip():
                    yield Person(name.strip(), email.strip("> "))

    def is_changed(self, path: Path) -> bool:
        """Whether what lies there is not what was committed last."""
        if not self.is_repository:
            return True
        there = answer(self.folder, "--literal-pathspecs", "ls-tree", "HEAD", "--", str(path)).split()
        return len(there) < 3 or answer(self.folder, "hash-object", "--", str(path)) != there[2]


def _raw(record: str) -> str:
    return ":" + record.partition("\n:")[2]


def _blob(raw: str) -> str:
    """The file's content after a commit, by its hash: of ":100644 100644 <old> <new> M<tab>path"; "::" of a merge."""
    parents = len(raw) - len(raw.lstrip(":"))
    words = raw.lstrip(":").split()
    return words[2 * parents + 1] if len(words) > 2 * parents + 1 else ""
