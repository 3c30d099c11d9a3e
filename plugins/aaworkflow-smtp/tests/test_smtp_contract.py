"""The SMTP notifier keeps the contract of notifiers, with a real server on this machine."""

import socket
from collections.abc import Iterator
from email.header import decode_header, make_header

import pytest
from aaworkflow_smtp import SmtpNotifier
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from aaworkflow.testing.contracts import NotifierContract


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class TestSmtp(NotifierContract):
    @pytest.fixture(autouse=True)
    def _server(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        self.mails = Mailbox(tmp_path_factory.mktemp("mail") / "box")
        self.port = free_port()
        server = Controller(self.mails, hostname="127.0.0.1", port=self.port)
        server.start()
        yield
        server.stop()

    def _notifier(self, port: int) -> SmtpNotifier:
        return SmtpNotifier("127.0.0.1", "post@aa.example", "{}@aa.example".format, port=port, security="none")

    def make_notifier(self) -> SmtpNotifier:
        return self._notifier(self.port)

    def make_broken_notifier(self) -> SmtpNotifier:
        return self._notifier(free_port())

    def delivered(self) -> str:
        return "\n".join(
            f"{mail['X-RcptTo']} {mail['To']} {make_header(decode_header(mail['Subject']))}"
            for mail in self.mails.mailbox
        )
