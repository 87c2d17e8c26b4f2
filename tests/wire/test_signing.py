"""The signature on outgoing mails, verified by dkimpy: another program's reading of the RFC."""

import re
import subprocess
import sys
import textwrap
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from dkim.canonicalization import Relaxed  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from comsoc_cli.delivery.signing import ALWAYS, IF_PRESENT, KeyUnusable, Signer, relaxed_body, relaxed_header, signer
from comsoc_cli.errors import UNUSABLE

Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
NOW = 1_700_000_000
DOMAIN, SELECTOR = "sinaloa.example", "comsoc"
RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
HEADERS = {
    "From": "Prensa <prensa@sinaloa.example>",
    "Reply-To": "prensa@sinaloa.example",
    "Subject": "=?utf-8?q?Bolet=C3=ADn_12=3A_becas_para_todas_las_escuelas_del?=\r\n =?utf-8?q?_estado?=",
    "List-Unsubscribe": "<https://baja.sinaloa.example/u/1>, <mailto:prensa@sinaloa.example?subject=BAJA>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-ID": "Boletines <boletines.sinaloa.example>",
    "Feedback-ID": "becas:media:sinaloa",
    "Auto-Submitted": "auto-generated",
    "MIME-Version": "1.0",
    "Content-Type": 'text/plain; charset="utf-8"',
    "Content-Transfer-Encoding": "quoted-printable",
    "Content-Language": "es-MX",
    "To": "Ana =?utf-8?q?L=C3=B3pez?= <ana@diario.example>",
    "Date": "Mon, 23 Nov 2026 09:00:00 -0700",
    "Message-ID": "<1@sinaloa.example>",
}
BODY = b"El Gobierno del Estado informa que las becas =\r\nllegan hoy.\r\n\r\n  =C2=A1Gracias!\r\n"
BARE = {"From": "prensa@sinaloa.example", "To": "ana@diario.example", "Subject": "Becas", "Date": HEADERS["Date"]}


def a_message(body: bytes = BODY, headers: dict[str, str] | None = None) -> bytes:
    """A message as the letters are composed: CRLF line ends, ASCII only."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or HEADERS).items())
    return lines.encode("ascii") + b"\r\n" + body


def pem(key: object, passphrase: bytes = b"") -> bytes:
    """A private key as a file holds it."""
    lock: KeySerializationEncryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)  # type: ignore[attr-defined, no-any-return]


def record(key: Key) -> bytes:
    """The public half as the DNS has it (RFC 6376 3.6.1, RFC 8463 4)."""
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + b64encode(public)
    return b"v=DKIM1; k=ed25519; p=" + b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def a_signer(key: Key = RSA, domain: str = DOMAIN, selector: str = SELECTOR) -> Signer:
    return Signer(domain, selector, pem(key), Path("dkim.pem"))


def verifies(message: bytes, key: Key = RSA, domain: str = DOMAIN, selector: str = SELECTOR) -> bool:
    """Whether a receiver believes the signature."""
    zone = {f"{selector}._domainkey.{domain}.".encode(): record(key)}
    return bool(dkim.verify(message, dnsfunc=lambda name, timeout: zone.get(name)))


def tags(message: bytes) -> dict[str, str]:
    """What the signature says about itself, without white space."""
    header = re.split(rb"\r\n(?![ \t])", message)[0].decode("ascii")
    pairs = header.removeprefix("DKIM-Signature:").split(";")
    return {name.strip(): re.sub(r"\s", "", value) for name, _, value in (pair.partition("=") for pair in pairs)}


SIGNED = a_signer().signed(a_message(), NOW)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_signed_message_is_believed(key: Key) -> None:
    """Both kinds of key make signatures that another program verifies."""
    signed = a_signer(key).signed(a_message(), NOW)
    assert verifies(signed, key)
    assert signed.endswith(b"\r\n" + a_message())


def test_the_signature_says_who_when_and_how() -> None:
    """The tags are those of the domain, the selector, the moment and the algorithm."""
    said = tags(SIGNED)
    assert {name: said[name] for name in "vacdst"} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": DOMAIN,
        "s": SELECTOR,
        "t": str(NOW),
    }
    assert tags(a_signer(ED25519).signed(a_message(), NOW))["a"] == "ed25519-sha256"


def test_another_key_is_not_believed() -> None:
    """A signature belongs to one key."""
    assert not verifies(SIGNED, rsa.generate_private_key(65537, 1024))
    assert not verifies(a_signer(ED25519).signed(a_message(), NOW), ed25519.Ed25519PrivateKey.generate())


def test_what_is_there_is_listed_once_more_than_it_is_there() -> None:
    """The list names every header that matters, those of the list (RFC 8058) too, and each once too often."""
    listed = tags(SIGNED)["h"].split(":")
    assert {name: listed.count(name) for name in listed} == dict.fromkeys(ALWAYS + IF_PRESENT, 2)
    assert {"List-Unsubscribe", "List-Unsubscribe-Post", "List-ID"} < set(listed)


def test_what_is_not_there_is_listed_only_if_it_must_not_be_added() -> None:
    """A short message lists what a stranger might add, and leaves the rest to the relays."""
    listed = tags(a_signer().signed(a_message(headers=BARE), NOW))["h"].split(":")
    assert {name: listed.count(name) for name in listed} == {name: 2 if name in BARE else 1 for name in ALWAYS}


@pytest.mark.parametrize("name", ALWAYS + IF_PRESENT)
def test_no_signed_header_can_be_changed(name: str) -> None:
    """Another value breaks the signature."""
    begin = f"\r\n{name}: ".encode("ascii")
    assert SIGNED.count(begin) == 1
    assert not verifies(SIGNED.replace(begin, begin + b"x"))


@pytest.mark.parametrize("name", ALWAYS + IF_PRESENT)
def test_no_signed_header_can_be_taken_away(name: str) -> None:
    """A header that was signed has to be there."""
    assert not verifies(SIGNED.replace(f"\r\n{name}: ".encode("ascii"), b"\r\nX-Was: "))


@pytest.mark.parametrize("name", ALWAYS + IF_PRESENT)
def test_no_signed_header_can_be_had_twice(name: str) -> None:
    """A second one breaks the signature, above the first or below it."""
    second = f"{name}: otro\r\n".encode("ascii")
    assert not verifies(second + SIGNED)
    assert not verifies(SIGNED.replace(b"\r\n\r\n", b"\r\n" + second + b"\r\n", 1))


@pytest.mark.parametrize("name", ALWAYS)
def test_what_a_reader_acts_on_cannot_be_added(name: str) -> None:
    """A message without an address for answers or a way to unsubscribe cannot be given one."""
    signed = a_signer().signed(a_message(headers=BARE), NOW)
    assert verifies(signed)
    assert not verifies(f"{name}: otro\r\n".encode("ascii") + signed)


@pytest.mark.parametrize(
    "body",
    [BODY + b"PS\r\n", BODY.replace(b"hoy", b"ayer"), BODY.replace(b"\r\n\r\n", b"\r\n"), b"", b" " + BODY],
    ids=["longer", "another word", "a blank line less", "empty", "indented"],
)
def test_the_body_cannot_be_changed(body: bytes) -> None:
    """Another text breaks the signature."""
    assert not verifies(SIGNED.replace(BODY, body))


def test_what_happens_on_the_way_does_no_harm() -> None:
    """Relays add lines, fold anew, and change white space and the end of the body; none of it breaks the signature."""
    travelled = (
        SIGNED.replace(b"\r\nSubject:", b"\r\nSUBJECT: ")
        .replace(b"<https://baja.sinaloa.example/u/1>, ", b"<https://baja.sinaloa.example/u/1>,\r\n\t")
        .replace(b"becas =", b"becas  \t=")
        .replace(b"llegan hoy.", b"llegan hoy.  ")
    )
    assert verifies(b"Received: from a by b\r\nX-Spam-Score: 0\r\n" + travelled + b"\r\n \r\n")
    bare = a_signer().signed(a_message(headers=BARE), NOW)
    assert verifies(b"List-ID: Redaccion <redaccion.diario.example>\r\n" + bare)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"\r\n\r\n\r\n",
        b" \t\r\n\r\n",
        BODY + b"\r\n\r\n \r\n\t\r\n\r\n",
        b"\r\n\r\nuno\r\n",
        b"sin fin de l=C3=ADnea",
        b"uno \t dos\r\n\ttres  \r\n",
        b"--=_comsoc_0\r\nContent-Type: text/plain\r\n\r\nHola=20\r\n--=_comsoc_0--\r\n",
        b"x" * 998 + b"\r\n",
    ],
)
@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_every_body_can_be_signed(key: Key, body: bytes) -> None:
    """Empty, blank at either end, without a last line end, in parts: the signature verifies."""
    assert verifies(a_signer(key).signed(a_message(body), NOW), key)


def test_a_message_of_headers_alone_can_be_signed() -> None:
    """Without the blank line there is no body, and the last header is signed all the same."""
    signed = a_signer().signed(a_message(b"", BARE).removesuffix(b"\r\n"), NOW)
    assert verifies(signed)
    assert not verifies(signed.replace(b"09:00:00", b"10:00:00"))


def test_long_and_oddly_written_headers_can_be_signed() -> None:
    """Folded over many lines, with tabs, with space before the colon, in capitals, empty, in UTF-8."""
    odd = (
        b"FROM :\tprensa@sinaloa.example\r\nTo: "
        + b",\r\n\t".join(b"%d@diario.example" % number for number in range(60))
        + b"\r\nsubject:\r\n   uno  \t dos\r\n\ttres   \r\nReply-To: l\xc3\xb3pez@sinaloa.example\r\nFeedback-ID:\r\n"
        + b"List-Unsubscribe: <https://baja.sinaloa.example/"
        + b"a" * 900
        + b">\r\nDate: Mon, 23 Nov 2026 09:00:00 -0700\r\n\r\n"
        + BODY
    )
    signed = a_signer().signed(odd, NOW)
    assert verifies(signed.replace(b"FROM :", b"From:"))  # dkimpy itself cannot read a space there
    assert not verifies(signed.replace(b"FROM :", b"From:").replace(b"dos", b"2"))


def test_of_several_headers_with_one_name_each_is_signed() -> None:
    """They are taken from the lowest up, as receivers do."""
    several = b"List-ID: <uno.example>\r\nList-ID: <dos.example>\r\n" + a_message(headers=BARE)
    signed = a_signer().signed(several, NOW)
    assert tags(signed)["h"].split(":").count("List-ID") == 3
    assert verifies(signed)
    assert not verifies(signed.replace(b"<uno.example>", b"<tres.example>"))
    assert not verifies(signed.replace(b"<dos.example>", b"<tres.example>"))


def test_the_canonical_forms_are_those_of_the_standard() -> None:
    """The example of RFC 6376 3.4.5, and the hashes that RFC 6376 3.4.4 and RFC 8463 A.3 print."""
    assert [relaxed_header(field) for field in (b"A: X", b"B : Y\t\r\n\tZ  ")] == [b"a:X", b"b:Y Z"]
    assert relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n") == b" C\r\nD E\r\n"
    assert b64encode(sha256(relaxed_body(b"")).digest()) == b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    game = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
    assert b64encode(sha256(relaxed_body(game)).digest()) == b"2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="


@given(st.lists(st.text(" \t=.aá", max_size=9), max_size=9))
def test_the_canonical_forms_are_those_of_another_program(lines: list[str]) -> None:
    """Whatever the lines hold, dkimpy makes the same of them."""
    body = b"".join(line.encode() + b"\r\n" for line in lines)
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)
    value = b"\r\n ".join(line.encode() for line in lines)
    [(name, canonical)] = Relaxed.canonicalize_headers([(b"Subject", value)])
    assert relaxed_header(b"Subject:" + value) + b"\r\n" == name + b":" + canonical


@settings(max_examples=50)
@given(st.text("abc=;: \t", max_size=200), st.lists(st.text(" \t=.a", max_size=9), max_size=9))
def test_whatever_is_signed_is_believed(subject: str, lines: list[str]) -> None:
    """Any subject and any body verify, even where they look like tags of a signature."""
    message = a_message("".join(f"{line}\r\n" for line in lines).encode(), BARE | {"Subject": subject})
    assert verifies(a_signer(ED25519).signed(message, NOW), ED25519)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_the_same_input_gives_the_same_bytes(key: Key) -> None:
    """A message tried again is the message of the first try; only another moment makes another."""
    first, second = a_signer(key), a_signer(key)
    assert first.signed(a_message(), NOW) == first.signed(a_message(), NOW) == second.signed(a_message(), NOW)
    assert first.signed(a_message(), NOW + 1) != first.signed(a_message(), NOW)


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_many_threads_share_a_signer(key: Key) -> None:
    """What they sign is what one thread signs, message for message."""
    shared = a_signer(key)
    messages = [a_message(b"Boletin %d\r\n" % number * (number + 1)) for number in range(200)]
    with ThreadPoolExecutor(16) as threads:
        signed = list(threads.map(lambda message: shared.signed(message, NOW), messages))
    assert signed == [shared.signed(message, NOW) for message in messages]
    assert all(verifies(message, key) for message in signed[::20])


@pytest.mark.parametrize("bits", [1024, 2048, 4096])
def test_the_signature_keeps_to_the_usual_line(bits: int) -> None:
    """No line is longer than 78 characters, however long the key, and each that follows is a continuation."""
    key = RSA if bits == 2048 else rsa.generate_private_key(65537, bits)
    signed = a_signer(key).signed(a_message(), NOW)
    first, *others = signed.removesuffix(a_message()).removesuffix(b"\r\n").split(b"\r\n")
    assert first.startswith(b"DKIM-Signature: v=1; ")
    assert all(re.fullmatch(rb" [!-~][ -~]*[!-~]", line) for line in others)
    assert max(map(len, [first, *others])) <= 78
    assert verifies(signed, key)


def test_only_a_name_too_long_for_a_line_makes_a_longer_one() -> None:
    """The longest domain and selector of the DNS stand whole, on lines of their own."""
    domain, selector = ".".join(["a" * 60] * 3 + ["example"]), "s" * 63
    signed = a_signer(domain=domain, selector=selector).signed(a_message(), NOW)
    lines = signed.removesuffix(a_message()).decode("ascii").split("\r\n")
    assert [line for line in lines if len(line) > 78] == [f" d={domain};"]
    assert len(f" d={domain};") < 998
    assert verifies(signed, domain=domain, selector=selector)


def test_a_domain_with_accents_is_written_as_the_dns_has_it() -> None:
    """The receiver looks for the key under the name in ASCII (RFC 8616)."""
    signed = a_signer(domain="comunicación.example").signed(a_message(), NOW)
    assert tags(signed)["d"] == "xn--comunicacin-zeb.example"
    assert verifies(signed, domain="xn--comunicacin-zeb.example")


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_key_is_read_from_its_file(tmp_path: Path, form: PrivateFormat, line_end: bytes) -> None:
    """As old and new OpenSSL write it, on any system, whoever else may read it."""
    file = tmp_path / "dkim.pem"
    file.write_bytes(RSA.private_bytes(Encoding.PEM, form, NoEncryption()).replace(b"\n", line_end))
    file.chmod(0o644)
    assert signer(DOMAIN, SELECTOR, file).signed(a_message(), NOW) == SIGNED


def a_short_key() -> rsa.RSAPrivateKey:
    """An RSA key of 511 bits, which no library makes any more."""
    p, q, e = 2**256 - 189, 2**255 - 19, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


NO_KEY = "There is no private key in {file} that can be read (PEM)."
NEITHER = "The key in {file} is neither RSA nor Ed25519; DKIM knows no other."
PUBLIC = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
OPENSSH = ED25519.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
BAD_KEYS = {
    "empty": (b"", NO_KEY),
    "text": ("contraseña\n".encode(), NO_KEY),
    "binary": (bytes(range(256)), NO_KEY),
    "der": (RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), NO_KEY),
    "cut off": (pem(RSA)[:900], NO_KEY),
    "garbled": (pem(RSA).replace(b"A", b"B"), NO_KEY),
    "public": (PUBLIC, NO_KEY),
    "openssh": (OPENSSH, NO_KEY),
    "encrypted": (pem(RSA, b"secreto"), "The DKIM key {file} is locked with a passphrase."),
    "elliptic": (pem(ec.generate_private_key(ec.SECP256R1())), NEITHER),
    "ed448": (pem(ed448.Ed448PrivateKey.generate()), NEITHER),
    "dsa": (pem(dsa.generate_private_key(1024)), NEITHER),
    "short": (pem(a_short_key()), "The RSA key in {file} has 511 bits; DKIM asks for 1024 at least."),
}


@pytest.mark.parametrize("case", BAD_KEYS)
def test_a_key_that_cannot_sign_is_refused_by_name(tmp_path: Path, case: str) -> None:
    """The refusal names the file and what is wrong with it, and says how to come to a key."""
    content, words = BAD_KEYS[case]
    file = tmp_path / "mi clave.pem"
    file.write_bytes(content)
    with pytest.raises(KeyUnusable) as refused:
        signer(DOMAIN, SELECTOR, file)
    assert str(refused.value) == words.format(file=file)
    hint = (
        f"Make a copy without one: openssl pkey -in '{file}' -out dkim.pem"
        if case == "encrypted"
        else "Correct [dkim] in comsoc.toml, or make a key: openssl genrsa -out dkim.pem 2048"
    )
    assert str(refused.value.hint) == hint
    assert refused.value.exit_code == UNUSABLE


@pytest.mark.parametrize(("name", "cause"), [("nada.pem", "No such file or directory"), (".", "Is a directory")])
def test_a_key_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, cause: str) -> None:
    """A missing file and a folder are told apart."""
    file = tmp_path / name
    with pytest.raises(KeyUnusable) as refused:
        signer(DOMAIN, SELECTOR, file)
    assert str(refused.value) == f"The DKIM key {file} cannot be read: {cause}."
    assert str(refused.value.hint) == "Correct [dkim] in comsoc.toml or the file's permissions."
    assert refused.value.exit_code == UNUSABLE


def test_without_the_extra_a_refusal_says_what_to_install(tmp_path: Path) -> None:
    """Where cryptography is not installed the module loads, and the first signer is refused."""
    (tmp_path / "dkim.pem").write_bytes(pem(RSA))
    program = """
        import sys
        from pathlib import Path

        sys.modules["cryptography"] = None
        from comsoc_cli.delivery.signing import NoCryptography, signer

        try:
            signer("sinaloa.example", "comsoc", Path("dkim.pem"))
        except NoCryptography as refused:
            print(refused, refused.hint, refused.exit_code, sep="\\n")
    """
    shown = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines() == [
        "Mails cannot be signed as [dkim] in comsoc.toml asks: a package is not installed.",
        'Install it: pip install "comsoc-cli[dkim]"',
        str(UNUSABLE),
    ]
