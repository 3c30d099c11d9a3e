"""What this plugin hands over: notifiers for URLs such as `smtp://mail.aa.example?from=approvals@aa.example`."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from aaworkflow.errors import PluginError
from aaworkflow.hookspecs import Notifier, hookimpl
from aaworkflow.texts import LANGS, Text
from aaworkflow_smtp.notifier import Security, SmtpNotifier

__all__ = ["aaworkflow_notifiers"]

_OPTIONS: Final = ("domain", "from", "lang", "security")
_PASSWORD: Final = "AAWORKFLOW_SMTP_PASSWORD"  # noqa: S105 (the name of a variable)


@hookimpl
def aaworkflow_notifiers() -> Mapping[str, Callable[[str], Notifier]]:
    """Return the notifiers of mail servers: `smtp://[user@]host[:port]?from=ADDRESS`, and `smtps://` for TLS at once.

    Options: `from`, the sender; `domain`, the part of everyone's address after the id and the @, where ids are not
    addresses themselves; `lang`; `security=none` for a server on the same machine. The password is taken from the
    URL or, better, from the environment's `AAWORKFLOW_SMTP_PASSWORD`.
    """
    return {"smtp": _notifier, "smtps": _notifier}


def _notifier(url: str) -> SmtpNotifier:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(url, Text.same(str(error))) from None
    options = dict(parse_qsl(parts.query))
    for name in options:
        if name not in _OPTIONS:
            raise PluginError.of("smtp_setting", setting=name, value=repr(options[name]), name=name, allowed=_OPTIONS)
    if not host:
        raise _refused(url, Text(zh="缺少主机名", en="the host is missing"))
    if "from" not in options:
        raise _refused(url, Text(zh="缺少发件人 ?from=地址", en="the sender is missing, ?from=ADDRESS"))
    lang = options.get("lang")
    if lang is not None and lang not in LANGS:
        raise PluginError.of("smtp_setting", setting="lang", value=repr(lang), name=lang, allowed=LANGS)
    security = "tls" if parts.scheme == "smtps" else options.get("security", "starttls")
    return SmtpNotifier(
        host,
        options["from"],
        _addresses(options.get("domain")),
        port=port,
        security=cast(Security, security),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or os.environ.get(_PASSWORD, ""),
        lang=lang,
    )


def _addresses(domain: str | None) -> Callable[[str], str | None]:
    def address_of(person: str) -> str | None:
        if "@" in person:
            return person
        return f"{person}@{domain}" if domain else None

    return address_of


def _refused(url: str, problem: Text) -> PluginError:
    # What stands before the @ may be a password, which has no place in an error.
    shown = re.sub("//[^/?#]*@", "//", url)
    return PluginError.of("smtp_url", url=shown, problem=problem)
