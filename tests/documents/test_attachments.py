import hashlib
from typing import Any

import pytest

from aaworkflow.documents import Attachment, attachment_of
from aaworkflow.errors import DocumentError


def test_an_attachment_is_known_by_the_digest_of_its_bytes() -> None:
    made = attachment_of(b"%PDF-", "合同.pdf")
    assert made == Attachment("合同.pdf", f"sha256:{hashlib.sha256(b'%PDF-').hexdigest()}", "application/pdf", 5)


def test_the_media_type_is_that_of_the_name_unless_given() -> None:
    assert attachment_of(b"", "a.png").media_type == "image/png"
    assert attachment_of(b"", "a.unheard-of").media_type == "application/octet-stream"
    assert attachment_of(b"", "a.png", "text/x-own").media_type == "text/x-own"


@pytest.mark.parametrize("name", ["", " ", ".", "..", "../a.pdf", "a/b", "a\\b", "a\x00b", "a\nb", "\ud800", None, 7])
def test_a_name_that_is_no_plain_file_name_is_refused(name: Any) -> None:
    with pytest.raises(DocumentError) as refused:
        attachment_of(b"", name)
    assert refused.value.code == "attachment_name"
    assert refused.value.text("zh")
    with pytest.raises(DocumentError) as refused:
        Attachment(name, "sha256:0", "text/plain", 0)
    assert refused.value.code == "attachment_name"


@pytest.mark.parametrize("data", ["text", None, 7])
def test_what_is_no_bytes_is_refused(data: Any) -> None:
    with pytest.raises(DocumentError) as refused:
        attachment_of(data, "a.pdf")
    assert refused.value.code == "attachment_not_bytes"


@pytest.mark.parametrize("size", [-1, True, "5", 1.0])
def test_a_size_that_is_no_number_of_bytes_is_refused(size: Any) -> None:
    with pytest.raises(DocumentError) as refused:
        Attachment("a.pdf", "sha256:0", "application/pdf", size)
    assert refused.value.code == "attachment_size"
