"""A language server as an editor speaks with it, over its standard input and output."""

import json
import subprocess
from pathlib import Path
from typing import Any, Self


class LanguageServer:
    """A YAML language server that knows which schema each file names in its first line.

    Args:
        program: the script that node runs.
        root: the folder that files and schemas are said to be in.
        locale: the language of the server's own messages.
    """

    def __init__(self, program: Path, root: Path, locale: str) -> None:
        self.root, self._asked, self._opened = root, 0, 0
        self._found: dict[str, list[dict[str, Any]]] = {}
        yaml = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self._settings = {"yaml": yaml}
        self._process = subprocess.Popen(
            ["node", program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        shows = {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}}
        documents = {"completion": shows, "hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}}
        able = {"textDocument": documents, "workspace": {"configuration": True}}
        self.ask("initialize", processId=None, rootUri=root.as_uri(), locale=locale, capabilities=able)
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=self._settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, method: str, **params: Any) -> Any:
        """Return the answer to a request."""
        self._asked += 1
        self._send(id=self._asked, method=method, params=params)
        while True:
            message = self._next()
            if message.get("id") == self._asked and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def open(self, text: str) -> str:
        """Open a new file with a text and return its address."""
        self._opened += 1
        uri = (self.root / f"{self._opened}.yaml").as_uri()
        self._tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text})
        return uri

    def marks(self, text: str) -> list[tuple[int, int, str]]:
        """Return what is marked in a new file: line and column, both from 1, and what is said."""
        uri = self.open(text)
        while uri not in self._found:
            self._next()
        starts = ((one["range"]["start"], one["message"]) for one in self._found[uri])
        return [(start["line"] + 1, start["character"] + 1, said) for start, said in starts]

    def completions(self, text: str) -> dict[str, str]:
        """Return what is offered where `|` stands in a new file: each with what is shown of it."""
        answer = self.ask("textDocument/completion", **self._at(text))
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return {item["label"]: _plain(item.get("documentation")) for item in items}

    def hover(self, text: str) -> str:
        """Return what is shown of the word in which `|` stands."""
        return _plain((self.ask("textDocument/hover", **self._at(text)) or {}).get("contents"))

    def _at(self, text: str) -> dict[str, Any]:
        before, _, after = text.partition("|")
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return {"textDocument": {"uri": self.open(before + after)}, "position": position}

    def _tell(self, method: str, **params: Any) -> None:
        self._send(method=method, params=params)

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _next(self) -> dict[str, Any]:
        """Return the server's next message; what it asks of an editor is answered."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise RuntimeError("the language server has ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        match message.get("method"):
            case "workspace/configuration":
                wanted = [self._settings.get(item.get("section")) for item in message["params"]["items"]]
                self._send(id=message["id"], result=wanted)
            case "textDocument/publishDiagnostics":
                self._found[message["params"]["uri"]] = message["params"]["diagnostics"]
            case str() if "id" in message:
                self._send(id=message["id"], result=None)
        return message


def _plain(shown: Any) -> str:
    return shown["value"] if isinstance(shown, dict) else shown or ""
