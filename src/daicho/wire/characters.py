"""The one character that JSON can say and no text in a database can hold."""

import re

# An escaped U+0000; a backslash that is itself escaped does not escape.
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def says_nul(content: bytes) -> bool:
    """Tell whether a text somewhere in JSON holds U+0000; in the open it cannot stand there."""
    return b"\\u0000" in content and _ESCAPED_NUL.search(content) is not None
