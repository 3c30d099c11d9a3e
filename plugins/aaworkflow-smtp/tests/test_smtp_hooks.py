import pytest
from aaworkflow_smtp import SmtpNotifier

from aaworkflow.errors import PluginError
from aaworkflow.plugins import open_notifier


def opened(url: str) -> SmtpNotifier:
    notifier = open_notifier(url)
    assert isinstance(notifier, SmtpNotifier)
    return notifier


def test_a_url_says_all_that_is_needed() -> None:
    made = opened("smtp://us%40er:pass%20word@mail.aa.example:2525?from=approvals@aa.example&domain=aa.example&lang=zh")
    assert (made.host, made.port, made.security) == ("mail.aa.example", 2525, "starttls")
    assert (made.user, made.password) == ("us@er", "pass word")
    assert (made.sender, made.lang) == ("approvals@aa.example", "zh")
    assert made.address_of("wang.wei") == "wang.wei@aa.example"
    assert made.address_of("guest@elsewhere.example") == "guest@elsewhere.example"


def test_security_is_on_unless_it_is_switched_off() -> None:
    assert opened("smtp://h?from=a@b").security == "starttls"
    assert opened("smtps://h?from=a@b").security == "tls"
    assert opened("smtp://h?from=a@b&security=none").security == "none"


def test_without_a_domain_only_addresses_are_addresses() -> None:
    made = opened("smtp://h?from=a@b")
    assert made.address_of("wang.wei") is None
    assert made.address_of("wang.wei@aa.example") == "wang.wei@aa.example"


def test_the_password_may_stay_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, own = "kept", "own"
    monkeypatch.setenv("AAWORKFLOW_SMTP_PASSWORD", kept)
    assert opened("smtp://user@h?from=a@b").password == kept
    assert opened(f"smtp://user:{own}@h?from=a@b").password == own


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("smtp:", "smtp_url"),
        ("smtp://?from=a@b", "smtp_url"),
        ("smtp://h:port?from=a@b", "smtp_url"),
        ("smtp://h:99999?from=a@b", "smtp_url"),
        ("smtp://[::1?from=a@b", "smtp_url"),
        ("smtp://h", "smtp_url"),
        ("smtp://h?from=nobody", "smtp_setting"),
        ("smtp://h?from=a@b&form=c@d", "smtp_setting"),
        ("smtp://h?from=a@b&lang=fr", "smtp_setting"),
        ("smtp://h?from=a@b&security=ssl", "smtp_setting"),
        ("smtp://user@h?from=a@b&security=none", "smtp_password_in_clear"),
    ],
)
def test_a_url_that_cannot_work_is_refused(url: str, code: str) -> None:
    with pytest.raises(PluginError) as refused:
        open_notifier(url)
    assert refused.value.code == code
    assert refused.value.text("en")
    assert refused.value.text("zh")


def test_a_refusal_shows_no_password() -> None:
    with pytest.raises(PluginError) as refused:
        open_notifier("smtp://user:secret@h")
    assert "secret" not in str(refused.value)
    assert "smtp://h" in str(refused.value)
