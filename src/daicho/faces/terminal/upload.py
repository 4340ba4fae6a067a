"""Forms with a file (multipart/form-data), read strictly: every part named, nothing but fields and small files."""

import re

MAX_PARTS = 64
MAX_HEAD_BYTES = 1_024
_KIND = re.compile(r"multipart/form-data;\s*boundary=\"?([0-9A-Za-z'()+_,\-./:=?]{1,70})\"?\s*")
_NAME = re.compile(
    rb'content-disposition:\s*form-data;\s*name="([A-Za-z0-9_\-]{1,60})"(;\s*filename="[^"\r\n]*")?\s*',
    re.IGNORECASE,
)


def is_multipart(content_type: str) -> bool:
    """Tell whether a body is a form with files."""
    return content_type.lower().startswith("multipart/form-data")


def read_multipart(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, bytes]]:
    """Give the fields and the files of a form; a file's name is a field without text, and what it was called is dropped.

    Raises: ValueError when it is no such form.
    """
    found = _KIND.fullmatch(content_type)
    if found is None:
        raise ValueError("no boundary")
    parts = (b"\r\n" + body).split(b"\r\n--" + found[1].encode("ascii"))
    if len(parts) < 2 or len(parts) - 2 > MAX_PARTS or parts[0] or parts[-1] not in (b"--", b"--\r\n"):
        raise ValueError("not the parts of a form")
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in parts[1:-1]:
        name, is_file, content = _part(part)
        fields[name] = "" if is_file else content.decode("utf-8")
        if is_file:
            files[name] = content
    return fields, files


def _part(part: bytes) -> tuple[str, bool, bytes]:
    head, parted, content = part.partition(b"\r\n\r\n")
    if not part.startswith(b"\r\n") or not parted or len(head) > MAX_HEAD_BYTES:
        raise ValueError("a part without a head")
    for line in head.split(b"\r\n"):
        named = _NAME.fullmatch(line)
        if named is not None:
            return named[1].decode("ascii"), named[2] is not None, content
    raise ValueError("a part without a name")
