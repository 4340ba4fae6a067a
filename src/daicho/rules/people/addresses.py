"""Where a person lives."""

from dataclasses import dataclass

from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import checked_text

MAX_ADDRESS_CHARACTERS = 200


def is_postal_code(text: str) -> bool:
    """Tell whether a text is a postal code: seven digits.

    Law: none, 郵便番号.
    """
    return len(text) == 7 and text.isascii() and text.isdigit()


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the municipality's own register, in its parts.  住所

    Law: 住民基本台帳法 第7条第7号
    """

    municipality: MunicipalityCode
    town: str
    block: str
    building: str = ""
    postal_code: str = ""
    aza_code: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be recorded. Raises: MalformedName."""
        checked_text(self.town, what="town", limit=MAX_ADDRESS_CHARACTERS)
        for what, text in (("block", self.block), ("building", self.building)):
            if text:
                checked_text(text, what=what, limit=MAX_ADDRESS_CHARACTERS)
        if self.postal_code and not is_postal_code(self.postal_code):
            raise ValueError("a postal code has 7 digits")

    def one_line(self) -> str:
        """Write the parts in one line, the building after a full-width space.

        Law: none, arrangement of one value.
        """
        line = f"{self.town}{self.block}"
        return f"{line}　{self.building}" if self.building else line
