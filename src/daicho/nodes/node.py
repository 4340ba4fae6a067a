"""What every actor is: a name, a database, a wire, a clock and the law in force."""

from collections.abc import Callable
from dataclasses import dataclass, field

from daicho.nodes.clock import Clock
from daicho.rules.network.kinds import Member
from daicho.rules.provision.basis import BasisTable
from daicho.store.unit import Store
from daicho.wire.directory import DEMO, TRAINING, Directory
from daicho.wire.http import Post
from daicho.wire.signer.client import SignerClient
from daicho.wire.vault import Vault


@dataclass(frozen=True, slots=True)
class Wire:
    """A node's way out: its signer process, its connections, and the directory as last checked."""

    signer: SignerClient
    post: Post
    directory: Callable[[], Directory]


@dataclass(frozen=True, slots=True)
class Node:
    """One actor of the network; the first argument of every use case."""

    me: Member
    store: Store
    wire: Wire
    clock: Clock
    vault: Vault
    bases: BasisTable
    limits: dict[str, int] = field(default_factory=dict)

    @property
    def training(self) -> bool:
        """Tell whether everybody here is invented and nobody outside hears of it, as the signed directory says."""
        return self.wire.directory().profile == TRAINING

    @property
    def invented(self) -> bool:
        """Tell whether nobody here is real: in a training copy as in a demonstration."""
        return self.wire.directory().profile in (DEMO, TRAINING)
