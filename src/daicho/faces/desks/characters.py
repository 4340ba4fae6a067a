"""A town's own characters, bound to the registry."""

from daicho.nodes.node import Node
from daicho.nodes.registry import characters, recharacter
from daicho.nodes.registry.characters import CharacterQueue, CharacterView, Proposed
from daicho.nodes.registry.counter import EntryView
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.residents import Found
from daicho.paper.outlines import CharacterPicture
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.lookup import GlyphsFound, GlyphTerms
from daicho.rules.people.characters.own import TownCharacter


class CharacterBook:
    """A municipality's own characters as their pages use them."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def look_up(self, who: Operator, terms: GlyphTerms) -> GlyphsFound | Refusal:
        """Look glyphs of the national list up."""
        return characters.look_up_glyphs(who, terms)

    def own(self, who: Operator, terms: GlyphTerms) -> tuple[tuple[TownCharacter, ...], bool] | Refusal:
        """List the town's own characters that fit, and whether there are more."""
        return characters.own_characters(self._node, who, terms)

    def view(self, who: Operator, character: str) -> CharacterView | Refusal:
        """Open one character."""
        return characters.character_view(self._node, who, character)

    def queue(self, who: Operator) -> CharacterQueue | Refusal:
        """List what waits."""
        return characters.character_queue(self._node, who)

    def describe(self, who: Operator, entry: TownCharacter, terminal: str) -> TownCharacter | Refusal:
        """Enter a character into the list, or describe it anew."""
        return characters.describe_character(self._node, who, entry, terminal=terminal)

    def propose(
        self, who: Operator, character: str, proposed: Proposed, terminal: str
    ) -> TownCharacter | Refusal:
        """Say what a character is; another person decides."""
        return characters.propose_identification(self._node, who, character, proposed, terminal=terminal)

    def decide(
        self,
        who: Operator,
        character: str,
        terminal: str,
        *,
        accept: bool,
        seen_version: int | None,
    ) -> TownCharacter | Refusal:
        """Stand for what somebody else proposed, or send it back."""
        return characters.decide_identification(
            self._node, who, character, accept=accept, terminal=terminal, seen_version=seen_version
        )

    def withdraw(self, who: Operator, character: str, terminal: str) -> TownCharacter | Refusal:
        """Take an own proposal back."""
        return characters.withdraw_identification(self._node, who, character, terminal=terminal)

    def close(self, who: Operator, character: str, terminal: str) -> Refusal | None:
        """Close the case of a character that no living record holds any more."""
        return recharacter.close_replaced(self._node, who, character, terminal=terminal)

    def residents(self, who: Operator, character: str, terminal: str) -> Found | Refusal:
        """Find the living in whose record a character stands."""
        return recharacter.residents_holding(self._node, who, character, terminal=terminal)

    def correct(
        self, who: Operator, character: str, addressee_number: int, permit_id: str, terminal: str
    ) -> EntryView | Refusal:
        """Enter the correction of one record."""
        return recharacter.correct_character(
            self._node, who, character, addressee_number, permit_id, draw_codes=draw_codes, terminal=terminal
        )

    def picture(self, who: Operator, character: str, digest: str) -> CharacterPicture | Refusal:
        """Give a picture by its digest, or the confirmed one of a character."""
        if digest:
            return characters.proposed_picture(self._node, who, digest)
        return characters.confirmed_picture(self._node, who, character)
