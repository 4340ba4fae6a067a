"""A form that brings a file along: multipart/form-data, read strictly and in little."""

import logging
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

# A form is refused, not told byte by byte: whoever sends rubbish would fill the log.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

MAX_PARTS = 40
MAX_HEADS = 4  # of one part
MAX_HEAD_BYTES = 1_000
MAX_NAME_CHARACTERS = 60


class UploadUnreadable(ValueError):
    """Not a form of this kind."""


def is_upload(content_type: str) -> bool:
    """Tell whether a request says that it brings files along."""
    return content_type.startswith("multipart/form-data")


def read_upload(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read the fields and the files of a form; a file's own name and kind are nobody's business.

    Raises: UploadUnreadable.
    """
    parts = _Parts()
    try:
        _, options = parse_options_header(content_type)
        reader = MultipartParser(
            options.get(b"boundary") or b"", parts.callbacks(),
            max_header_count=MAX_HEADS, max_header_size=MAX_HEAD_BYTES,
        )  # fmt: skip
        reader.write(body)
        reader.finalize()
        fields = {name: told.decode("utf-8") for name, told in parts.fields.items()}
    except (FormParserError, UnicodeError) as problem:
        raise UploadUnreadable("the parts") from problem
    if not (is_upload(content_type) and options.get(b"boundary") and parts.ended):
        raise UploadUnreadable("no boundary, or cut short")
    return fields, parts.files


class _Parts:
    """What the parts of a form came to, one after the other."""

    def __init__(self) -> None:
        self.fields: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        self.ended = False
        self._key, self._value, self._disposition = b"", b"", b""
        self._content: list[bytes] = []

    def callbacks(self) -> "MultipartCallbacks":
        """Give what the reader calls as it goes along."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add_to("_key", data[start:end]),
            "on_header_value": lambda data, start, end: self._add_to("_value", data[start:end]),
            "on_header_end": self._end_head,
            "on_part_data": lambda data, start, end: self._content.append(data[start:end]),
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.fields) + len(self.files) == MAX_PARTS:
            raise UploadUnreadable("too many parts")
        self._disposition, self._content = b"", []

    def _add_to(self, which: str, told: bytes) -> None:
        setattr(self, which, getattr(self, which) + told)

    def _end_head(self) -> None:
        if self._key.lower() == b"content-disposition":
            self._disposition = self._value
        self._key, self._value = b"", b""

    def _end_part(self) -> None:
        kind, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode("ascii")
        if kind != b"form-data" or not 0 < len(name) <= MAX_NAME_CHARACTERS:
            raise UploadUnreadable("a part without a name")
        if name in self.fields or name in self.files:
            raise UploadUnreadable("a name twice")
        (self.files if b"filename" in options else self.fields)[name] = b"".join(self._content)

    def _end(self) -> None:
        self.ended = True
