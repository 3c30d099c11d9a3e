"""Send messages as e-mails over SMTP."""

import smtplib
import ssl
from collections.abc import Callable, Collection
from contextlib import suppress
from email.message import EmailMessage
from typing import Final, Literal, TypeAlias, get_args

import attrs

import aaworkflow_smtp.messages  # noqa: F401
from aaworkflow.errors import AaworkflowError, PluginError, Reason
from aaworkflow.hookspecs import Message
from aaworkflow.people import Directory
from aaworkflow.texts import Lang
from aaworkflow_smtp.mail import address_in, mail_of

__all__ = ["PORTS", "Security", "SmtpNotifier", "addresses_in"]

Security: TypeAlias = Literal["starttls", "tls", "none"]
PORTS: Final[dict[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}

_MOST_REMEMBERED: Final = 1000


def addresses_in(directory: Directory) -> Callable[[str], str]:
    """Return what looks a person's e-mail address up in a directory."""
    return lambda person: directory.person(person).email


@attrs.frozen
class SmtpNotifier:
    """Sends each message as one e-mail to all whom it is for.

    Args:
        host: the mail server.
        sender: whom the e-mails come from, such as `Approvals <approvals@aa.example>`.
        address_of: gives a person's address; an empty one or an AaworkflowError means that there is none.
        port: the server's port; None takes the usual one.
        security: `starttls` and `tls` send nothing before the connection is safe; `none` is for a server on the
            same machine.
        user: whom to log in as; empty does not.
        password: sent over TLS only.
        lang: the language; None takes the current one.
        timeout: seconds to wait for the server.
        tls: which certificates are trusted; None takes those of the system.

    Raises:
        PluginError: `smtp_setting` or `smtp_password_in_clear`.
    """

    host: str
    sender: str
    address_of: Callable[[str], str | None]
    port: int | None = None
    security: Security = "starttls"
    user: str = ""
    password: str = attrs.field(default="", repr=False)
    lang: Lang | None = None
    timeout: float = 30.0
    tls: ssl.SSLContext | None = None
    _accepted: dict[str, frozenset[str]] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if not self.host or any(character.isspace() for character in self.host):
            raise PluginError.of("smtp_setting", setting="host", value=repr(self.host))
        if address_in(self.sender) is None:
            raise PluginError.of("smtp_setting", setting="sender", value=repr(self.sender))
        if self.security not in PORTS:
            raise PluginError.of(
                "smtp_setting",
                setting="security",
                value=repr(self.security),
                name=self.security,
                allowed=get_args(Security),
            )
        if self.user and self.security == "none":
            raise PluginError.of("smtp_password_in_clear")

    @property
    def name(self) -> str:
        """What deliveries by this notifier are kept track of by."""
        return "smtp"

    def notify(self, message: Message) -> None:
        """Send a message.

        Where the server takes it for some and not for others, those others are tried again next time, alone.

        Raises:
            PluginError: `smtp_not_sent`, `smtp_recipient_refused`, `smtp_no_address`: whoever could be reached was.
        """
        found = {person: self._address(person) for person in message.to}
        addresses = tuple(dict.fromkeys(address for address in found.values() if address is not None))
        accepted = self._accepted.pop(message.id, frozenset())
        waiting = [address for address in addresses if address not in accepted]
        mail = mail_of(message, self.sender, addresses, self.lang)
        refused = self._send(message, mail, waiting) if waiting else {}
        reasons = [
            Reason.of("smtp_recipient_refused", host=self.host, port=self._port, address=address, detail=detail)
            for address, detail in refused.items()
        ]
        without = tuple(person for person, address in found.items() if address is None)
        if without:
            reasons.append(Reason.of("smtp_no_address", message=message.id, persons=without))
        if reasons:
            self._remember(message, accepted | (set(waiting) - set(refused)))
            raise PluginError(*reasons)

    @property
    def _port(self) -> int:
        return PORTS[self.security] if self.port is None else self.port

    def _address(self, person: str) -> str | None:
        try:
            return address_in(self.address_of(person))
        except AaworkflowError:
            return None

    def _remember(self, message: Message, accepted: frozenset[str]) -> None:
        # Only for as long as others are missing, and never without bound: a message that is given up stays here.
        while len(self._accepted) >= _MOST_REMEMBERED:
            self._accepted.pop(next(iter(self._accepted)), None)
        self._accepted[message.id] = accepted

    def _send(self, message: Message, mail: EmailMessage, to: Collection[str]) -> dict[str, str]:
        """Return which addresses the server refuses, and why."""
        try:
            server = self._connect()
            try:
                refused = server.send_message(mail, from_addr=address_in(self.sender), to_addrs=list(to))
            except smtplib.SMTPRecipientsRefused as none_taken:
                refused = none_taken.recipients
            finally:
                # The mail is with the server by now, or an error is on its way: how they part changes neither.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise PluginError.of(
                "smtp_not_sent", message=message.id, host=self.host, port=self._port, detail=str(error)
            ) from error
        return {address: f"{code} {text.decode('utf-8', 'replace')}" for address, (code, text) in refused.items()}

    def _connect(self) -> smtplib.SMTP:
        tls = self.tls or ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self._port, timeout=self.timeout, context=tls)
        else:
            server = smtplib.SMTP(self.host, self._port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=tls)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server
