"""What a refusal (5xx) is about: this person, or the office, so that the next person would hear the same.

A refusal is booked on a person, who is then left out of later sends; what is about the office must therefore stop the
run. The enhanced status (RFC 3463) decides where it stands at the beginning of the reply, or as "#5.1.1"; a number
elsewhere in the words ("filter v2.1.4", an IP address) is no status. Where the status leaves it open, the words decide.
"""

import re
from typing import NamedTuple

_STATUS = re.compile(r"\d{3}[ -]+\(?#?5\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)|#5\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")
#: What servers say of the sender, whatever status stands before it (Exchange, Postfix, Exim, Sendmail).
_ABOUT_THE_SENDER = re.compile(
    r"(?i)\bsend[- ]?as\b|sendasdenied|storedrv\.submission|\b(?:send|sending) (?:mail |messages? )?(?:as|from) this\b"
    r"|not (?:allowed|permitted|authori[sz]ed) to (?:send|relay|submit)"
    r"|\b(?:sender|from|return[- ]path|originator)(?: e?-?mail)?(?: address| domain)?(?: <[^>]*>| \S+@\S+)?:? "
    r"(?:is |was |has been |must |does ?n[o']t |could ?n[o']t )?(?:be )?"
    r"(?:rejected|denied|refused|blocked|unknown|invalid|verif|not |match|exist|unverified|disabled)"
    r"|\b(?:invalid|unknown|bad|unverified|forged) (?:sender|from|return[- ]path)"
    r"|\bsender (?:verify|verification|policy|callout)|remitente"
)
#: What servers say of whoever submits: no relay, no login, too large, a bad name among mail servers, too much at once.
_ABOUT_THE_OFFICE = re.compile(
    r"(?i)\brelay|authenticat|auth(?:ori[sz]ation)? required|\bstarttls\b|\blog ?in\b"
    r"|message (?:size|too|exceeds|length|file)|too (?:large|big)|size (?:limit|exceed)|exceed\w* .{0,40}\bsize"
    r"|black ?list|block ?list|\bblocked\b|\bdnsbl\b|\brbl\b|spam|unsolicited|bulk|reputation|banned|\bpolicy\b|virus"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|\bptr\b|reverse dns|client host|\bhelo\b|\behlo\b|your (?:ip|host|server|domain)\b"
    r"|\bfilter|sending (?:limit|quota|rate)|quota for sending|rate limit|too many (?:messages|mails|recipients|conn)"
    r"|(?:daily|hourly|user) sending|bad sequence|command (?:not|un)|protocol error"
    r"|tama[ñn]o|pol[ií]tica|lista negra|bloquead"
)
#: What servers say of a mailbox that is not there, is full or is closed.
_ABOUT_A_MAILBOX = re.compile(
    r"(?i)\b(?:user|recipient|mailbox|account|address|person|alias|inbox)\b.{0,60}"
    r"\b(?:unknown|unavailable|disabled|inactive|suspended|full|invalid|rejected|closed|not found|no longer|over ?quota"
    r"|does(?: not|n.t) exist|not exist|not (?:a )?valid|not known|not listed|not here)"
    r"|(?:unknown|invalid|no such|bad|inactive|not a valid) "
    r"(?:local )?(?:user|recipient|mailbox|account|address|person)"
    r"|over ?quota|no mailbox|(?:does(?: not|n.t)|did not) have an? .{0,40}account|buz[oó]n|destinatario|usuario|cuenta"
)
_PROTOCOL = {500, 502, 503, 504, 523, 530, 534, 535, 538}  #: of commands, encryption and logins (RFC 5321, 4954)
_RESTRICTED = {124, 129, 130, 133, 134, 135, 136}  #: x.7.n of Exchange: this mailbox takes mail from some people only
_OWN_CODES = 100  #: details from here on are Exchange's own; in x.2.n they are about submission (5.2.252)
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_WORD = re.compile(r"<[^>]*>|\S*@\S*|https?:\S+|\S*\d\S*")


class Status(NamedTuple):
    """Subject and detail of an enhanced status: 1 and 1 of "5.1.1"."""

    subject: int
    detail: int


def status_of(reply: str) -> Status | None:
    """The enhanced status of a refusal, such as "550 5.1.1 Unknown" or "550 sorry (#5.1.1)"; None where it has none."""
    at_start = _STATUS.match(reply)
    found = at_start or next((one for one in _STATUS.finditer(reply) if one[3]), None)
    if found is None:
        return None
    return Status(int(found[1] or found[3]), int(found[2] or found[4]))


def is_about_the_person(reply: str, *, after_text: bool, sender: str = "", recipient: str = "") -> bool:
    """Whether a 5xx reply refuses this person only; False: it is about the office, and the run has to stop.

    `reply` is one line of text that begins with the code. `after_text`: it answers DATA or the text, where a server
    that says nothing of a mailbox means the message.
    """
    if _ABOUT_THE_SENDER.search(reply) or _names_the_sender(reply, sender, recipient):
        return False
    status = status_of(reply)
    if status and status.subject:
        return _by_status(status, reply)
    if _code(reply) in _PROTOCOL or _ABOUT_THE_OFFICE.search(reply):
        return False
    return not after_text or _ABOUT_A_MAILBOX.search(reply) is not None


def words_of(reply: str) -> str:
    """What a reply says without what differs from person to person: addresses, numbers, links.

    The code and the status stay; two people who hear the same words were refused for the same reason.
    """
    code, status = reply[:3], status_of(reply)
    words = _WORD.findall(_NO_WORD.sub(" ", reply[3:]).casefold())
    return " ".join([code, f"{status.subject}.{status.detail}" if status else "", *words])


def _by_status(status: Status, reply: str) -> bool:
    subject, detail = status
    if subject == 1:
        return detail not in {7, 8}  # of the sender's address (RFC 3463 3.2)
    if subject == 2:
        return detail < _OWN_CODES
    if subject == 4:
        return detail != 5 and not re.search(r"(?i)sending (?:limit|quota)|quota exceeded", reply)
    if subject == 6:
        return detail in {7, 9}  # this mailbox takes no address beyond ASCII (RFC 6531)
    if subject == 7:
        return detail in _RESTRICTED
    return _ABOUT_A_MAILBOX.search(reply) is not None and not _ABOUT_THE_OFFICE.search(reply)


def _names_the_sender(reply: str, sender: str, recipient: str) -> bool:
    """Whether a refusal names the office's address and not the person's: "550 5.1.0 <prensa@x.example>: unknown"."""
    said = reply.casefold()
    return bool(sender) and sender.casefold() in said and not (recipient and recipient.casefold() in said)


def _code(reply: str) -> int:
    return int(reply[:3]) if reply[:3].isdigit() else 0
