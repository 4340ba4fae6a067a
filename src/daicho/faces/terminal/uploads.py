"""A form that brings a file along: multipart/form-data, read strictly and in little."""

import re

MAX_PARTS = 40
MAX_HEAD_BYTES = 1_000
_BOUNDARY = re.compile(
    'multipart/form-data *; *boundary=(?:"([0-9A-Za-z\'()+_,./:=? -]{1,70})"|([^\\s;,"]{1,70}))'
)
_NAME = re.compile('form-data(?=;)(?:.*?); *name="([A-Za-z0-9_-]{1,60})"')
_FILE = re.compile('; *filename\\*?="?')
_LINE = b"\r\n"


class UploadUnreadable(ValueError):
    """Not a form of this kind."""


def is_upload(content_type: str) -> bool:
    """Tell whether a request says that it brings files along."""
    return content_type.startswith("multipart/form-data")


def read_upload(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read the fields and the files of a form; a file's own name and kind are nobody's business.

    Raises: UploadUnreadable.
    """
    told = _BOUNDARY.fullmatch(content_type.strip())
    if told is None:
        raise UploadUnreadable("no boundary")
    mark = b"--" + (told[1] or told[2]).encode("latin-1", "replace")
    first, *parts = (_LINE + body).split(_LINE + mark)
    if first or not parts or parts[-1].rstrip(_LINE) != b"--" or len(parts) > MAX_PARTS + 1:
        raise UploadUnreadable("the parts")
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in parts[:-1]:
        head, found, content = part.removeprefix(_LINE).partition(_LINE + _LINE)
        if not found or not part.startswith(_LINE) or len(head) > MAX_HEAD_BYTES:
            raise UploadUnreadable("a part")
        name, is_file = _named(head)
        if name in fields or name in files:
            raise UploadUnreadable("a name twice")
        if is_file:
            files[name] = content
            continue
        try:
            fields[name] = content.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise UploadUnreadable("a text that is not UTF-8") from problem
    return fields, files


def _named(head: bytes) -> tuple[str, bool]:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() == "content-disposition":
            match = _NAME.match(value.strip())
            if match is not None:
                return match[1], _FILE.search(value) is not None
    raise UploadUnreadable("a part without a name")
