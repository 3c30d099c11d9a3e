"""What the errors of this plugin say."""

from aaworkflow.errors import add_messages

__all__: list[str] = []

add_messages(
    {
        "smtp_not_sent": (
            "message {message} was not sent by {host}:{port}: {detail}",
            "消息 {message} 未能经 {host}:{port} 发出:{detail}",
        ),
        "smtp_no_address": (
            "message {message} has no e-mail address to go to for {persons}",
            "消息 {message} 缺少 {persons} 的电子邮件地址",
        ),
        "smtp_recipient_refused": (
            "{host}:{port} takes no mail for {address}: {detail}",
            "{host}:{port} 拒收发给 {address} 的邮件:{detail}",
        ),
        "smtp_url": (
            "{url} names no mail server: {problem}",
            "{url} 不能指明邮件服务器:{problem}",
        ),
        "smtp_setting": (
            "the mail server's {setting} cannot be {value}",
            "邮件服务器的 {setting} 不能为 {value}",
        ),
        "smtp_password_in_clear": (
            "a password goes only over TLS: use security starttls or tls",
            "密码只能经 TLS 传送:请将 security 设为 starttls 或 tls",
        ),
    }
)
