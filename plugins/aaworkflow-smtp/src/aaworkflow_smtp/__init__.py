"""A notifier that sends e-mail over SMTP, for aaworkflow."""

from aaworkflow_smtp.hooks import aaworkflow_notifiers
from aaworkflow_smtp.notifier import SmtpNotifier, addresses_in

__all__ = ["SmtpNotifier", "aaworkflow_notifiers", "addresses_in"]
