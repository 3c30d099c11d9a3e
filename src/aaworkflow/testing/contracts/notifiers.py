"""What every notifier must pass."""

import attrs
import pytest

from aaworkflow.hookspecs import Notifier
from aaworkflow.testing.contracts.samples import a_message

__all__ = ["NotifierContract"]


class NotifierContract:
    """The contract of notifiers."""

    def make_notifier(self) -> Notifier:
        """Return a notifier that can deliver to `ann` and `bob`."""
        raise NotImplementedError

    def make_broken_notifier(self) -> Notifier:
        """Return a notifier that cannot deliver now."""
        raise NotImplementedError

    def delivered(self) -> str:
        """Return all that the notifiers of this test have delivered, as text."""
        raise NotImplementedError

    def test_it_keeps_the_protocol(self) -> None:
        notifier = self.make_notifier()
        assert isinstance(notifier, Notifier)

    def test_its_name_is_stable(self) -> None:
        name = self.make_notifier().name
        assert name
        assert isinstance(name, str)
        assert name == self.make_notifier().name, "delivery is kept track of by it, over restarts too"

    @pytest.mark.parametrize("to", [("ann",), ("ann", "bob")])
    def test_it_delivers_what_the_message_says(self, to: tuple[str, ...]) -> None:
        self.make_notifier().notify(attrs.evolve(a_message("m-1"), to=to))
        said = self.delivered()
        assert "to do" in said or "待办" in said
        assert all(person in said for person in to)

    def test_it_can_deliver_the_same_message_again(self) -> None:
        notifier = self.make_notifier()
        for _ in range(2):
            notifier.notify(a_message("m-1"))

    def test_it_raises_when_it_cannot_deliver(self) -> None:
        with pytest.raises(Exception):  # noqa: B017 - whatever it is, the message is then tried again
            self.make_broken_notifier().notify(a_message("m-1"))
