"""Approvals that are signed with a person's ssh key, and verified against the office's file `signers`.

The signatures are OpenSSH's (PROTOCOL.sshsig) in the namespace "comsoc",
made and verified by ssh-keygen (OpenSSH 8.2 or later).
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from comsoc_cli.errors import SAFEGUARD, UNUSABLE, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.approval import Approval, Assent, Proof
from comsoc_cli.model.release import Release
from comsoc_cli.office.files import write_bytes
from comsoc_cli.office.git import answer

SIGNERS = "signers"
SIGNATURE = re.compile(r"([1-9]\d*)\.sig")
VARIABLE = "COMSOC_SIGNING_KEY"
_PROGRAM, _NAMESPACE = "ssh-keygen", "comsoc"
_GOOD = re.compile(r"Good .* with \S+ key (\S+)")
_USUAL_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")
_NO_PROGRAM = said("ssh-keygen is not installed here, so that no signature can be verified")


class NothingSigned(Refusal):
    """The approval could not be signed, and without a signature it counts for nothing."""

    exit_code = UNUSABLE


class NotASigner(Refusal):
    """The file `signers` does not have this person's key."""

    exit_code = SAFEGUARD

    def __init__(self, email: str, signature: bytes) -> None:
        super().__init__(
            said(
                "Nothing was approved: {file} does not list the key that signed for {email}.", file=SIGNERS, email=email
            ),
            said("Let the office add this line to {file}: {line}", file=SIGNERS, line=f"{email} {_key_in(signature)}"),
        )


def signed_text(approval: Approval, assent: Assent, act: str = "approve") -> bytes:
    """What a person signs: the act and everything that it is bound to, as one line of JSON with sorted keys."""
    told = {
        "act": act,
        "slug": approval.slug,
        "revision": str(approval.revision),
        "digest": approval.digest,
        "by": assent.by,
        "email": assent.email,
        "at": assent.at.isoformat(timespec="seconds"),
        "legal": assent.legal,
        "ruling": assent.ruling,
    }
    return f"comsoc approval 1 {json.dumps(told, ensure_ascii=False, sort_keys=True)}\n".encode()


def signers_mark(root: Path) -> str:
    """A word that changes when signatures may verify otherwise: another file of signers, or no ssh-keygen."""
    path = root / SIGNERS
    known = path.read_bytes() if path.is_file() else b""
    return f"{hashlib.sha256(known).hexdigest()[:24]} {bool(shutil.which(_PROGRAM))}"


def audience_act(segment: str, *, removed: bool) -> str:
    """What a change of the audience is called in what a person signs."""
    return f"{'take away' if removed else 'add'} segment {segment}"


def audience_stem(number: int) -> str:
    """How the signatures of a change of the audience begin: audience-1-1.sig is the first of the first change."""
    return f"audience-{number}-"


def with_proofs(
    root: Path, folder: Path, approval: Approval, *, act: str = "approve", stem: str = ""
) -> tuple[Assent, ...]:
    """The assents, each with what verifies its signature when it is asked for; verified once in a process."""
    found = []
    for number, one in enumerate(approval.assents, start=1):
        proof = partial(
            _proof, root / SIGNERS, folder / f"{stem}{number}.sig", signed_text(approval, one, act), one.email
        )
        found.append(replace(one, proof=proof))
    return tuple(found)


def _proof(signers: Path, path: Path, text: bytes, email: str) -> Proof:
    try:
        signature = path.read_bytes()
    except OSError:
        return Proof(fault=said("it is not signed"))
    try:
        known = signers.read_bytes()
    except OSError:
        return Proof(fault=said("the office has no file {file}", file=SIGNERS))
    return _verified(known, signature, text, email)


@cache
def _verified(signers: bytes, signature: bytes, text: bytes, email: str) -> Proof:
    """Whether a signature is of this text, by a key that the signers list for this address."""
    if not shutil.which(_PROGRAM):
        return Proof(fault=_NO_PROGRAM)
    if not email or email.startswith("-"):
        return Proof(fault=said("it has no address"))
    with tempfile.TemporaryDirectory() as place:
        for name, content in (("signers", signers), ("signature", signature)):
            (Path(place) / name).write_bytes(content)
        words = ["-Y", "verify", "-f", f"{place}/signers", "-n", _NAMESPACE, "-s", f"{place}/signature"]
        done = _ssh_keygen([*words, "-I", email], text)
    good = _GOOD.search(done.stdout.decode(errors="replace")) if done.returncode == 0 else None
    if good:
        return Proof(key=good[1])
    return Proof(fault=said("its signature is of another text, or by a key that {file} does not list for {email}",
                            file=SIGNERS, email=email))  # fmt: skip


def signatures(
    root: Path,
    approval: Approval,
    before: Approval | None,
    folder: Path,
    environment: Mapping[str, str],
    *,
    act: str = "approve",
    stem: str = "",
) -> dict[int, bytes]:
    """A signature for each assent by its number: those that the vault has, and a new one for what is new.

    ssh-keygen asks for a passphrase on the terminal. Raises NothingSigned and NotASigner.
    """
    old = list(before.assents) if before else []
    found: dict[int, bytes] = {}
    for number, one in enumerate(approval.assents, start=1):
        if one in old and one.proof:  # it comes from the vault
            path = folder / f"{stem}{old.index(one) + 1}.sig"
            if path.is_file():
                found[number] = path.read_bytes()
            continue
        text = signed_text(approval, one, act)
        found[number] = _sign(root, text, environment)
        signers = root / SIGNERS
        known = signers.read_bytes() if signers.is_file() else b""
        if not _verified(known, found[number], text, one.email).key:
            raise NotASigner(one.email or one.by, found[number])
    return found


def refuse_taken_names(release: Release, approval: Approval) -> None:
    """A file of the release must not lie where a signature does; raises NothingSigned."""
    for text in release.texts:
        for name in text.files:
            parts = SIGNATURE.fullmatch(name)
            if parts and int(parts[1]) <= len(approval.assents):
                raise NothingSigned(
                    said("Nothing was approved: {name} is what a signature of “{slug}” is called.", name=name,
                         slug=approval.slug),
                    said("Give this file of the release another name."),
                )  # fmt: skip


def write_signatures(folder: Path, found: Mapping[int, bytes], *, stem: str = "") -> None:
    """Put these signatures beside an approval, and take away others; raises StoreUnusable."""
    for number, signature in found.items():
        write_bytes(folder / f"{stem}{number}.sig", signature)
    for path in folder.glob(f"{stem}*.sig"):
        parts = SIGNATURE.fullmatch(path.name.removeprefix(stem))
        if parts and int(parts[1]) not in found:
            path.unlink()


def _sign(root: Path, text: bytes, environment: Mapping[str, str]) -> bytes:
    if not shutil.which(_PROGRAM):
        raise NothingSigned(
            said("Nothing was approved: ssh-keygen, with which approvals are signed, is not installed here."),
            said("Install it: sudo apt-get install openssh-client"),
        )
    with tempfile.TemporaryDirectory() as place:
        key = _signing_key(root, Path(place), environment)
        done = _ssh_keygen(["-Y", "sign", "-n", _NAMESPACE, "-f", str(key)], text)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        cause = done.stderr.decode(errors="replace").strip().splitlines()
        raise NothingSigned(
            said("Nothing was approved: ssh-keygen did not sign with {key}: {cause}.",
                 key=key, cause=cause[-1].rstrip(".") if cause else "?"),
            said("Try the key by itself: ssh-keygen -y -f {key}", key=key),
        )  # fmt: skip
    return done.stdout


def _signing_key(root: Path, place: Path, environment: Mapping[str, str]) -> Path:
    """The key of the person at the computer: COMSOC_SIGNING_KEY, else git's, else the usual one in ~/.ssh."""
    named = environment.get(VARIABLE, "").strip()
    if not named and answer(root, "config", "gpg.format") == "ssh":
        named = answer(root, "config", "user.signingkey")
    literal = named.removeprefix("key::")
    if literal != named or literal.startswith(("ssh-", "ecdsa-", "sk-")):
        path = place / "key.pub"  # the private half is with ssh-agent
        path.write_text(literal + "\n", encoding="utf-8")
        return path
    home = Path(environment["HOME"]) if environment.get("HOME") else None
    if named:
        return home / named[2:] if home and named.startswith("~/") else Path(named)
    usual = [home / ".ssh" / name for name in _USUAL_KEYS] if home else []
    for path in usual:
        if path.is_file():
            return path
    raise NothingSigned(
        said("Nothing was approved: there is no ssh key here to sign with."),
        said("Make one (ssh-keygen -t ed25519), or name it: git config --global gpg.format ssh, and git config --global"
             " user.signingkey ~/.ssh/KEY.pub"),
    )  # fmt: skip


def _ssh_keygen(words: list[str], text: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run([_PROGRAM, *words], input=text, capture_output=True, check=False)
    except OSError as fault:
        return subprocess.CompletedProcess(words, 1, b"", str(fault).encode())


def _key_in(signature: bytes) -> str:
    """The public key that a signature holds, as a line of `signers` has it (PROTOCOL.sshsig: magic, version, key)."""
    data = base64.b64decode(b"".join(signature.splitlines()[1:-1]))
    length = int.from_bytes(data[10:14])
    key = data[14 : 14 + length]
    sort = key[4 : 4 + int.from_bytes(key[:4])]
    return f"{sort.decode()} {base64.b64encode(key).decode()}"
