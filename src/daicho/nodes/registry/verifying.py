"""Second persons whose words come in while others are written have theirs written together, in one unit."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from daicho.nodes.node import Node
from daicho.nodes.registry.counter import EntryView, Verification, verify_entries, verify_entry
from daicho.nodes.watch.gathering import Gathering
from daicho.rules.law.refusal import Refusal
from daicho.store.unit import StoreUnavailable

_LOG = logging.getLogger("daicho.registry")
_Outcome = EntryView | Refusal | Exception


class VerifyingTogether:
    """The verifications of one registry: nobody waits for company, and nobody suffers from another's fault."""

    def __init__(self, node: Node) -> None:
        """Serve one registry, one batch after the other: while one is written the next one gathers."""
        self._node = node
        pool = ThreadPoolExecutor(1, "verifying")
        self._gathering: Gathering[Verification, _Outcome] = Gathering(self._verify, pool, batches=1)

    def verify(self, word: Verification) -> EntryView | Refusal:
        """Write one second person's word; what was to be written is durable.

        Raises: StoreUnavailable.
        """
        outcome = self._gathering.ask(word).result()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _verify(self, words: Sequence[Verification]) -> Sequence[_Outcome]:
        try:
            return verify_entries(self._node, words)
        except StoreUnavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - noted, then each is verified alone
            _LOG.info("%d verifications go one by one after %s", len(words), type(fault).__name__)
            return [self._verify_alone(word) for word in words]

    def _verify_alone(self, word: Verification) -> _Outcome:
        try:
            return verify_entry(self._node, word.operator, word.entry_id, terminal=word.terminal)
        except StoreUnavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - raised where the word was given, and nowhere else
            return fault
