"""What the errors of this plugin say."""

from aaworkflow.errors import add_messages

__all__: list[str] = []

add_messages(
    {
        "console_url": (
            "{url} is no console: write console: or console:?lang=zh",
            "{url} 不是终端:请写 console: 或 console:?lang=zh",
        ),
    }
)
