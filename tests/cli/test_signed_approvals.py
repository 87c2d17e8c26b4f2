"""Approvals signed with ssh keys: a signature binds the person, the act and the text, and nothing else counts."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.offices import SETTINGS, Answer, Layout, a_release, comsoc, messages
from support.people import ANA, BEA, as_
from support.standing import how_it_stands, rules_against

from comsoc_cli.model.approval import Approval, Assent, Proof
from comsoc_cli.model.person import Person
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import read_vault
from comsoc_cli.safeguards.approving import counting

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SIGNED = "\n[approval]\nsigned = true\n"
needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen (Debian: openssh-client)")

# what counts, without ssh


def said_by(who: Person, key: str = "", at: datetime = AT) -> Assent:
    return Assent(by=who.name, email=who.email, at=at, proof=lambda: Proof(key=key))


@pytest.mark.parametrize(
    ("assents", "many"),
    [
        ((said_by(ANA, "SHA256:a"), said_by(BEA, "SHA256:b")), 2),
        ((said_by(ANA, "SHA256:a"), said_by(BEA)), 1),
        ((said_by(ANA, "SHA256:a"), said_by(BEA, "SHA256:a")), 1),
        ((Assent(by=ANA.name, email=ANA.email, at=AT),), 0),
    ],
)
def test_an_approver_is_a_key(assents: tuple[Assent, ...], many: int) -> None:
    approval = Approval(slug="becas", revision=1, digest="", assents=assents, year=2026)
    assert len(counting(approval, ApprovalRules(required=2, signed=True))) == many


def test_approvals_from_before_the_office_signed_need_no_signature() -> None:
    old, new = said_by(ANA), said_by(BEA, at=datetime(2026, 11, 25, tzinfo=UTC))
    rules = ApprovalRules(signed=True, signed_since=datetime(2026, 11, 24, tzinfo=UTC))
    approval = Approval(slug="becas", revision=1, digest="", assents=(old, new), year=2026)
    assert counting(approval, rules) == (old,)


def test_signed_since_is_a_day_of_the_offices_zone(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + SIGNED + "signed_since = 2026-11-24\n"})
    since = open_office(root).settings.approval.signed_since
    assert since == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


# with ssh


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with keys of two people, and one of a stranger."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    for name in ("ana", "bea", "nadie"):
        words = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / ".ssh" / name)]
        subprocess.run(["ssh-keygen", *words], check=True, stdin=subprocess.DEVNULL)
    return folder


def signers(home: Path, *people: tuple[Person, str]) -> str:
    return "".join(f"{who.email} {(home / f'.ssh/{key}.pub').read_text()}" for who, key in people)


def signing(office: Layout, home: Path, settings: str = SIGNED) -> Path:
    root = office({"comsoc.toml": SETTINGS + settings, "signers": signers(home, (ANA, "ana"), (BEA, "bea"))})
    (root / "signers").write_text(signers(home, (ANA, "ana"), (BEA, "bea")), encoding="utf-8")
    return root


def approve(root: Path, home: Path, who: Person = ANA, key: str = "ana", *words: str, **more: str) -> Answer:
    return comsoc(root, "approve", "becas", *words, **as_(who), HOME=str(home),
                  COMSOC_SIGNING_KEY=str(home / ".ssh" / key), **more)  # fmt: skip


def key_of(root: Path) -> list[str]:
    return [one.key for one in read_vault(open_office(root)).revisions["becas"][0].approval.assents]


@needs_ssh
def test_a_signed_approval_is_sent_and_audited(office: Layout, home: Path) -> None:
    root = signing(office, home)
    answer = approve(root, home)
    assert (answer.code, "1 of 1" not in answer.said) == (0, True), answer.said
    assert (root / "approved/becas/r1/1.sig").read_text().startswith("-----BEGIN SSH SIGNATURE-----")
    assert rules_against(root, "media") == rules_against(root) == []
    assert comsoc(root, "send", "becas", "--segment", "media", "--yes").code == 0
    assert len(messages(root)) == 3
    [word] = comsoc(root, "status", "--audit", "--json").json["sent"][0]["words"]
    assert (word["signed"], word["key"]) == (True, key_of(root)[0])
    assert word["key"].startswith("SHA256:")
    assert comsoc(root, "status", "--verify").code == 0


@needs_ssh
def test_a_key_that_the_office_does_not_know_approves_nothing(office: Layout, home: Path) -> None:
    root = signing(office, home)
    for who, key in ((ANA, "nadie"), (ANA, "bea"), (Person("Eva", "eva@sinaloa.example"), "ana")):
        answer = approve(root, home, who, key)
        assert (answer.code, (root / "approved").exists()) == (3, False), answer.said
        assert f"{who.email} ssh-ed25519 AAAA" in answer.err, "the line to add is told"
    assert approve(root, home, ANA, "ana", "--by", "Dirección").code == 2


@needs_ssh
def test_without_a_key_or_with_one_that_asks_nobody_the_reason_is_told(office: Layout, home: Path) -> None:
    root = signing(office, home)
    nothing = comsoc(root, "approve", "becas", HOME=str(home), **as_(ANA))
    assert (nothing.code, "ssh-keygen -t ed25519" in nothing.err) == (5, True)
    absent = approve(root, home, ANA, "no-such-key")
    assert (absent.code, "did not sign" in absent.err) == (5, True)
    bare = home / "bin"
    bare.mkdir()
    for name in ("git", "sh"):
        (bare / name).symlink_to(str(shutil.which(name)))
    without = approve(root, home, PATH=str(bare))
    assert (without.code, "openssh-client" in without.err) == (5, True)


@needs_ssh
def test_the_key_that_git_signs_with_signs_approvals(office: Layout, home: Path) -> None:
    root = signing(office, home)
    (home / ".gitconfig").write_text("[gpg]\nformat = ssh\n[user]\nsigningkey = ~/.ssh/ana.pub\n", encoding="utf-8")
    assert comsoc(root, "approve", "becas", HOME=str(home), **as_(ANA)).code == 0
    assert all(key_of(root))


def spoil_text(root: Path) -> None:
    path = root / "approved/becas/r1/1.sig"
    lines = path.read_text().splitlines()
    lines[3] = lines[3][::-1]
    path.write_text("\n".join(lines) + "\n")


SPOILT = {
    "unsigned": lambda root: (root / "approved/becas/r1/1.sig").unlink(),
    "spoilt": spoil_text,
    "no signers": lambda root: (root / "signers").unlink(),
    "a key that was taken out": lambda root: (root / "signers").write_text(""),
}


@needs_ssh
@pytest.mark.parametrize("how", SPOILT)
def test_a_signature_that_does_not_hold_does_not_count(office: Layout, home: Path, how: str) -> None:
    root = signing(office, home)
    assert approve(root, home).code == 0
    SPOILT[how](root)
    assert rules_against(root, "media")[:1] == ["not_signed"]
    assert "vault" not in rules_against(root, "media"), "a signature is no file of the release"
    assert rules_against(root)[:1] == ["not_signed"], "nor does the site show it"


@needs_ssh
def test_a_signature_of_another_text_does_not_count(office: Layout, home: Path) -> None:
    root = signing(office, home)
    assert approve(root, home).code == 0
    old = (root / "approved/becas/r1/1.sig").read_bytes()
    (root / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    assert approve(root, home, now="2026-11-23T18:05:00+00:00").code == 0
    assert rules_against(root, "media", now=datetime(2026, 11, 23, 18, 6, tzinfo=UTC)) == []
    (root / "approved/becas/r1/1.sig").write_bytes(old)
    assert rules_against(root, "media", now=datetime(2026, 11, 23, 18, 6, tzinfo=UTC))[0] == "not_signed"


@needs_ssh
def test_two_sign_and_a_third_file_is_told(office: Layout, home: Path) -> None:
    root = signing(office, home, SIGNED + "required = 2\n")
    assert approve(root, home).code == 0
    assert rules_against(root, "media") == ["not_approved"]
    assert approve(root, home, BEA, "bea").code == 0
    assert len(set(key_of(root))) == 2
    assert rules_against(root, "media") == []
    (root / "approved/becas/r1/3.sig").write_text("x")
    assert how_it_stands(root).problems


@needs_ssh
def test_who_approved_without_a_signature_signs_by_approving_again(office: Layout, home: Path) -> None:
    root = signing(office, home, "")
    assert comsoc(root, "approve", "becas", **as_(ANA)).code == 0
    (root / "comsoc.toml").write_text(SETTINGS + SIGNED, encoding="utf-8")
    assert rules_against(root, "media")[0] == "not_signed"
    assert approve(root, home, now="2026-11-23T18:05:00+00:00").code == 0
    now = datetime(2026, 11, 23, 18, 6, tzinfo=UTC)
    assert (rules_against(root, "media", now=now), len(key_of(root))) == ([], 1)
    (root / "comsoc.toml").write_text(SETTINGS, encoding="utf-8")
    assert rules_against(root, "media", now=now) == [], "an office that gives it up again keeps its vault"


@needs_ssh
def test_the_legal_word_is_signed_and_a_withdrawal_takes_signatures_away(office: Layout, home: Path) -> None:
    root = signing(office, home)
    assert approve(root, home).code == 0
    assert approve(root, home, ANA, "ana", "--legal", "Lic. Mora").code == 0
    assert rules_against(root, "media") == []
    path = root / "approved/becas/r1/1.sig"
    assert comsoc(root, "approve", "becas", "--withdraw", **as_(ANA)).code == 0
    assert not path.exists()


@needs_ssh
def test_one_more_segment_is_signed_too(office: Layout, home: Path) -> None:
    root = signing(office, home)
    assert approve(root, home).code == 0
    (root / "releases/becas.md").write_text(a_release(segments=["media", "acreditada"]), encoding="utf-8")
    assert approve(root, home).code == 0
    assert (root / "approved/becas/audience-1-1.sig").is_file()
    words = ("send", "becas", "--segment", "acreditada", "--dry-run")
    assert comsoc(root, *words).code == 0
    (root / "approved/becas/audience-1-1.sig").unlink()
    assert comsoc(root, *words).code == 3
