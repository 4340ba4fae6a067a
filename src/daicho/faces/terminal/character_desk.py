"""What the pages of characters need from the node behind them."""

from typing import Protocol

from daicho.nodes.registry.characters import CharacterQueue, CharacterView, Proposed
from daicho.nodes.registry.counter import EntryView
from daicho.nodes.registry.residents import Found
from daicho.paper.outlines import CharacterPicture
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.lookup import GlyphsFound, GlyphTerms
from daicho.rules.people.characters.own import TownCharacter


class CharacterDesk(Protocol):
    """A town's own characters, the national list, and what waits; a node that keeps a register has them."""

    def look_up(self, who: Operator, terms: GlyphTerms, /) -> GlyphsFound | Refusal:
        """Look glyphs of the national list up."""
        ...

    def own(self, who: Operator, terms: GlyphTerms, /) -> tuple[tuple[TownCharacter, ...], bool] | Refusal:
        """List the town's own characters that fit, and whether there are more."""
        ...

    def view(self, who: Operator, character: str, /) -> CharacterView | Refusal:
        """Open one character."""
        ...

    def queue(self, who: Operator, /) -> CharacterQueue | Refusal:
        """List what waits."""
        ...

    def describe(self, who: Operator, entry: TownCharacter, terminal: str, /) -> TownCharacter | Refusal:
        """Enter a character into the list, or describe it anew."""
        ...

    def propose(
        self, who: Operator, character: str, proposed: Proposed, terminal: str, /
    ) -> TownCharacter | Refusal:
        """Say what a character is; another person decides."""
        ...

    def decide(
        self,
        who: Operator,
        character: str,
        terminal: str,
        /,
        *,
        accept: bool,
        seen_version: int | None,
    ) -> TownCharacter | Refusal:
        """Stand for what somebody else proposed, or send it back."""
        ...

    def withdraw(self, who: Operator, character: str, terminal: str, /) -> TownCharacter | Refusal:
        """Take an own proposal back that nobody has decided."""
        ...

    def close(self, who: Operator, character: str, terminal: str, /) -> Refusal | None:
        """Close the case of a character that no living record holds any more."""
        ...

    def residents(self, who: Operator, character: str, terminal: str, /) -> Found | Refusal:
        """Find the living in whose record a character stands, with a ledger line for each."""
        ...

    def correct(
        self, who: Operator, character: str, addressee_number: int, permit_id: str, terminal: str, /
    ) -> EntryView | Refusal:
        """Enter the correction of one record."""
        ...

    def picture(self, who: Operator, character: str, digest: str, /) -> CharacterPicture | Refusal:
        """Give a picture by its digest, or the confirmed one of a character."""
        ...
