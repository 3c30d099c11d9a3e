"""E-mails to a real server on this machine."""

import email
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest
from aaworkflow_smtp import SmtpNotifier, addresses_in
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from aaworkflow.errors import PluginError
from aaworkflow.hookspecs import Message, Notifier
from aaworkflow.people import Person, StaticDirectory
from aaworkflow.texts import Text, set_lang


class Post:
    """Takes mail, except for whom it was told to refuse, and keeps it."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.refuse: set[str] = set()
        self.broken = False
        self.rude = False
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.broken:
            return "451 try again later"
        self.mails.append(envelope)
        return "250 taken"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "500 what do you mean" if self.rude else "221 Bye"


Serve: TypeAlias = Callable[..., Post]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start mail servers that stop with the test."""
    running: list[Controller] = []

    def start(**settings: Any) -> Post:
        post = Post()
        post.port = free_port()
        running.append(Controller(post, hostname="127.0.0.1", port=post.port, **settings))
        running[-1].start()
        return post

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def post(serve: Serve) -> Post:
    """A server without TLS."""
    return serve()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, None)
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def client_tls(certificate: Path) -> ssl.SSLContext:
    """What a client needs to trust that server."""
    return ssl.create_default_context(cafile=str(certificate))


MESSAGE = Message(
    id="case-1:7:0",
    case="case-1",
    to=("wang.wei", "li.na"),
    kind="task",
    title=Text(zh="请审核《项目建议书》", en="Please review the proposal"),
    body=Text(zh="请审核。\n单据:华东机械", en="Please review it.\nCase: East China Machinery"),
    at=datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8))),
)
SESAME = "open sesame"
HOUSE = StaticDirectory(
    [
        Person("wang.wei", "王伟", email="wang.wei@aa.example"),
        Person("li.na", "李娜", email="Li Na <li.na@aa.example>"),
        Person("no.mail", "无邮箱"),
        Person("odd.mail", "怪邮箱", email="a@b\r\nBcc: all@aa.example"),
    ]
)


def notifier(post: Post, **more: Any) -> SmtpNotifier:
    settings: dict[str, Any] = {"port": post.port, "security": "none", "lang": "en", **more}
    return SmtpNotifier("127.0.0.1", "Approvals <approvals@aa.example>", addresses_in(HOUSE), **settings)


def read(envelope: Any) -> EmailMessage:
    return email.message_from_bytes(envelope.content, policy=default)


def test_a_message_is_one_mail_to_all_whom_it_is_for(post: Post) -> None:
    notifier(post).notify(MESSAGE)
    (envelope,) = post.mails
    assert envelope.mail_from == "approvals@aa.example"
    assert envelope.rcpt_tos == ["wang.wei@aa.example", "li.na@aa.example"]
    mail = read(envelope)
    assert mail["From"] == "Approvals <approvals@aa.example>"
    assert mail["To"] == "wang.wei@aa.example, li.na@aa.example"
    assert mail["Subject"] == "Please review the proposal"
    assert mail["Date"].datetime == MESSAGE.at
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Aaworkflow-Case"] == "case-1"
    assert mail["X-Aaworkflow-Kind"] == "task"
    assert mail.get_content().splitlines() == ["Please review it.", "Case: East China Machinery"]


def test_chinese_arrives_as_it_was_written(post: Post) -> None:
    notifier(post, lang="zh").notify(MESSAGE)
    mail = read(post.mails[0])
    assert mail["Subject"] == "请审核《项目建议书》"
    assert mail.get_content().splitlines() == ["请审核。", "单据:华东机械"]


def test_the_current_language_is_taken_unless_one_is_chosen(post: Post) -> None:
    set_lang("zh")
    try:
        notifier(post, lang=None).notify(MESSAGE)
    finally:
        set_lang(None)
    assert read(post.mails[0])["Subject"] == "请审核《项目建议书》"


def test_a_message_sent_again_has_the_same_id_and_another_has_another(post: Post) -> None:
    for message in (MESSAGE, MESSAGE, attrs.evolve(MESSAGE, id="case-1:8:0"), attrs.evolve(MESSAGE, id="\n\ud800")):
        notifier(post).notify(message)
    ids = [read(envelope)["Message-ID"] for envelope in post.mails]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert all(id.startswith("<aaworkflow.") and id.endswith("@aa.example>") for id in ids)


def test_no_text_becomes_a_header(post: Post) -> None:
    evil = "x\r\nBcc: all@aa.example\r\n\r\nbody\x00\ud800"
    notifier(post).notify(
        attrs.evolve(MESSAGE, title=Text.same(evil), case=evil, kind=evil, body=Text.same("\r\n.\r\nQUIT\ud800"))
    )
    mail = read(post.mails[0])
    assert mail["Bcc"] is None
    assert mail["Subject"] == "x Bcc: all@aa.example body ?"
    assert post.mails[0].rcpt_tos == ["wang.wei@aa.example", "li.na@aa.example"]
    assert mail.get_content().split() == [".", "QUIT?"]


def test_two_persons_with_one_address_get_one_mail(post: Post) -> None:
    attrs.evolve(notifier(post), address_of=lambda person: "office@aa.example").notify(MESSAGE)
    assert post.mails[0].rcpt_tos == ["office@aa.example"]


def test_who_has_no_address_is_reported_and_the_others_get_their_mail(post: Post) -> None:
    sender = notifier(post)
    message = attrs.evolve(MESSAGE, to=("wang.wei", "no.mail", "odd.mail", "nobody"))
    for _ in range(2):
        with pytest.raises(PluginError) as failed:
            sender.notify(message)
        assert failed.value.code == "smtp_no_address"
        assert failed.value.persons == ("no.mail", "odd.mail", "nobody")
    assert [envelope.rcpt_tos for envelope in post.mails] == [["wang.wei@aa.example"]]


def test_who_is_refused_is_tried_again_alone(post: Post) -> None:
    sender = notifier(post)
    post.refuse = {"li.na@aa.example"}
    with pytest.raises(PluginError) as failed:
        sender.notify(MESSAGE)
    assert failed.value.code == "smtp_recipient_refused"
    assert failed.value.address == "li.na@aa.example"
    assert "550 no such user" in failed.value.text("zh")
    post.refuse = set()
    sender.notify(MESSAGE)
    sender.notify(MESSAGE)
    assert [envelope.rcpt_tos for envelope in post.mails] == [
        ["wang.wei@aa.example"],
        ["li.na@aa.example"],
        ["wang.wei@aa.example", "li.na@aa.example"],
    ]


def test_where_everyone_is_refused_everyone_is_reported(post: Post) -> None:
    post.refuse = {"li.na@aa.example", "wang.wei@aa.example"}
    with pytest.raises(PluginError) as failed:
        notifier(post).notify(MESSAGE)
    assert [reason.data["address"] for reason in failed.value.reasons] == ["wang.wei@aa.example", "li.na@aa.example"]


def test_a_server_that_cannot_take_it_now_is_an_error(post: Post) -> None:
    post.broken = True
    with pytest.raises(PluginError) as failed:
        notifier(post).notify(MESSAGE)
    assert failed.value.code == "smtp_not_sent"
    assert "try again later" in failed.value.text("en")


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        sender = SmtpNotifier("127.0.0.1", "a@b", lambda person: "c@d", port=unheard.getsockname()[1])
        with pytest.raises(PluginError) as failed:
            sender.notify(MESSAGE)
    assert failed.value.code == "smtp_not_sent"
    assert failed.value.text("zh")


def test_what_was_taken_is_not_sent_again_for_a_rude_goodbye(post: Post) -> None:
    post.rude = True
    notifier(post).notify(MESSAGE)
    assert len(post.mails) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_speaks_tls_and_logs_in(
    serve: Serve, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, security: str
) -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == SESAME.encode(), handled=False)

    login: dict[str, Any] = {"authenticator": check, "auth_required": True}
    if security == "tls":
        post = serve(ssl_context=server_tls, auth_require_tls=False, **login)
    else:
        post = serve(tls_context=server_tls, require_starttls=True, **login)
    safe: dict[str, Any] = {"security": security, "tls": client_tls, "user": "approvals", "timeout": 5}
    notifier(post, **safe, password=SESAME).notify(MESSAGE)
    assert len(post.mails) == 1
    with pytest.raises(PluginError) as failed:
        notifier(post, **safe, password=SESAME.upper()).notify(MESSAGE)
    assert failed.value.code == "smtp_not_sent"
    assert SESAME.upper() not in failed.value.text("en")


def test_a_server_that_is_not_trusted_gets_nothing(serve: Serve, server_tls: ssl.SSLContext) -> None:
    post = serve(tls_context=server_tls)
    with pytest.raises(PluginError) as failed:
        notifier(post, security="starttls").notify(MESSAGE)
    assert failed.value.code == "smtp_not_sent"
    assert post.mails == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(post: Post) -> None:
    for security in ("starttls", "tls"):
        with pytest.raises(PluginError) as failed:
            notifier(post, security=security, timeout=5).notify(MESSAGE)
        assert failed.value.code == "smtp_not_sent"
    assert post.mails == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"host": ""}, "smtp_setting"),
        ({"host": "a b"}, "smtp_setting"),
        ({"sender": "nobody"}, "smtp_setting"),
        ({"sender": "a@b\r\nBcc: c@d"}, "smtp_setting"),
        ({"security": "ssl"}, "smtp_setting"),
        ({"security": "none", "user": "approvals", "timeout": 5}, "smtp_password_in_clear"),
    ],
)
def test_settings_that_cannot_work_or_are_not_safe_are_refused(wrong: dict[str, Any], code: str) -> None:
    good = SmtpNotifier("127.0.0.1", "a@b", lambda person: None)
    with pytest.raises(PluginError) as refused:
        attrs.evolve(good, **wrong)
    assert refused.value.code == code
    assert refused.value.text("en")
    assert refused.value.text("zh")


def test_it_is_a_notifier_that_shows_no_password() -> None:
    made = SmtpNotifier("127.0.0.1", "a@b", lambda person: None, user="u", password=SESAME)
    assert isinstance(made, Notifier)
    assert made.name == "smtp"
    assert SESAME not in repr(made)


def test_what_it_remembers_of_unfinished_messages_has_a_bound(post: Post) -> None:
    sender = notifier(post)
    for number in range(1100):
        with pytest.raises(PluginError):
            sender.notify(attrs.evolve(MESSAGE, id=str(number), to=("no.mail",)))
    assert len(sender._accepted) == 1000
