"""E-mails made from messages."""

import re
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Final

from aaworkflow.hookspecs import Message
from aaworkflow.texts import Lang

__all__ = ["address_in", "mail_of"]

_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\\]+@[^\s@<>,;:\"()\\]+")


def address_in(text: str | None) -> str | None:
    """Return the plain address that a text such as `Name <a@b>` holds, or None."""
    if not text or not text.isprintable():
        return None
    address = parseaddr(text)[1]
    return address if _ADDRESS.fullmatch(address) else None


def mail_of(message: Message, sender: str, addresses: Iterable[str], lang: Lang | None) -> EmailMessage:
    """Return the e-mail of a message. Made again, it has the same Message-ID, so that readers show it once."""
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = _message_id(message, sender)
    mail["Date"] = format_datetime(message.at)
    mail["From"] = sender
    mail["To"] = ", ".join(addresses)
    mail["Subject"] = _line(message.title.get(lang))
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Aaworkflow-Case"] = _line(message.case)
    mail["X-Aaworkflow-Kind"] = _line(message.kind)
    mail.set_content(_text(message.body.get(lang)))
    return mail


def _message_id(message: Message, sender: str) -> str:
    # An id may hold what no header may; its digest cannot.
    local = sha256(message.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    domain = (address_in(sender) or "").rpartition("@")[2]
    return f"<aaworkflow.{local}@{domain}>"


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _line(text: str) -> str:
    """Return the text as one line: what follows a line break would be read as another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in _text(text)).split())
