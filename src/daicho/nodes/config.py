"""One configuration file per node, read strictly: a key that nobody knows is an error."""

from datetime import date, datetime
from pathlib import Path

import msgspec

from daicho.rules.destination.settings import OfficePlace, TownPlaces, check_places
from daicho.rules.figures.smallness import LEAST_OF_LEAST, LEAST_PEOPLE, MOST_OF_LEAST
from daicho.rules.hall.offices import HallOffice, NumberOrdinance
from daicho.rules.people.codes import MunicipalityCode

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class DatabaseConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a node's database is, once per role; the file that holds this is readable by its owner only."""

    app: str
    read: str
    audit: str
    copy: str = ""  # of the reader's role, on a server that follows: for whoever accepts data of some age
    pool_connections: int = 8
    statement_timeout_milliseconds: int = 20_000
    lock_timeout_milliseconds: int = 5_000


class TlsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The files of a node's certificate; replaced in place when they are renewed."""

    folder: str


class HardwareConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The module (PKCS#11) that holds the message key; its PIN lies in the signer's folder as `pin`."""

    module: str
    token: str


class ListenConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One listening place."""

    host: str
    port: int


class TerminalConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the terminal listens; beyond the machine itself only over TLS, under the name that its users type.

    `tls_folder` holds `tls.pem`, key and certificate in one file; it is read again when it changes.
    """

    host: str
    port: int
    name: str = ""
    tls_folder: str = ""

    def __post_init__(self) -> None:
        """Refuse a terminal that passes sign-ins over a network in the open."""
        if bool(self.name) != bool(self.tls_folder):
            raise ValueError("name and tls_folder go together")
        if not self.tls_folder and self.host not in _LOOPBACK:
            raise ValueError("beyond the loopback a terminal needs tls_folder and name")


class HallConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a registry listens for other offices' systems, and what the town's ordinance says of individual numbers.

    As the terminal it is reached from beyond the machine only over TLS. `number_offices` are those to which the
    ordinance lets the number pass, `own_affairs` those for which it made an affair of its own; without any, none does.
    """

    host: str
    port: int
    tls_folder: str = ""
    number_offices: tuple[HallOffice, ...] = ()
    own_affairs: tuple[HallOffice, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a listener that passes residents over a network in the open."""
        if not self.tls_folder and self.host not in _LOOPBACK:
            raise ValueError("beyond the loopback the hall's listener needs tls_folder")

    @property
    def ordinance(self) -> NumberOrdinance:
        """Give what the ordinance says as the rules know it."""
        return NumberOrdinance(frozenset(self.number_offices), frozenset(self.own_affairs))


class MonitorConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where monitoring software on the same machine asks; what it passes on is its own matter."""

    port: int
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        """Refuse to tell strangers how the node stands."""
        if self.host not in _LOOPBACK:
            raise ValueError("figures are told on the loopback alone")


class ClockConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demonstration's fixed service day; absent in a real node."""

    business_day: date
    started_at: datetime


class IssuerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who issues certificates, and what the town's ordinance asks for one at the counter and by post."""

    name: str
    fee_yen: int
    seal_folder: str = ""  # seal.key and seal.pem; without it papers bear no electronic seal
    contact: str = ""  # the office and its telephone, as letters name it

    def __post_init__(self) -> None:
        """Refuse a fee below nothing and an issuer without a name."""
        if self.fee_yen < 0 or not self.name.strip():
            raise ValueError("an issuer has a name, and a fee is not negative")


class SealsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the town's own ordinance of seals chooses; the rest is the model ordinance."""

    fee_yen: int | None = None  # of one certificate; none: as for the others
    answer_days: int = 30  # for the answer to a letter of inquiry
    sex_printed: bool = False
    number_card_accepted: bool = False

    def __post_init__(self) -> None:
        """Refuse a fee below nothing and a letter that cannot be answered."""
        if (self.fee_yen or 0) < 0 or self.answer_days < 1:
            raise ValueError("a fee is not negative, and an answer takes days")


class PlaceConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place of the municipality, as notices of individual numbers name it."""

    name: str
    postal_code: str
    address: str
    phone: str

    def place(self) -> OfficePlace:
        """Give it as the rules have it."""
        return OfficePlace(self.name, self.postal_code, self.address, self.phone)


class DestinationConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the town says of itself in the files from which notices of individual numbers are printed."""

    postal_code: str
    address: str
    phone: str
    issue_place: PlaceConfig
    card_delivery_place: PlaceConfig

    def __post_init__(self) -> None:
        """Refuse what no notice can be printed with."""
        refusal = check_places(self.places(MunicipalityCode("01100"), "-"))
        if refusal is not None:
            raise ValueError(f"{refusal.field}: {refusal.reason.value}")

    def places(self, municipality: MunicipalityCode, name: str) -> TownPlaces:
        """Give the settings of a municipality as the rules have them."""
        town = OfficePlace(name, self.postal_code, self.address, self.phone)
        return TownPlaces(municipality, town, self.issue_place.place(), self.card_delivery_place.place())


class PressConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The machine that prints notices of individual numbers: the file with its public key; the private one stays there."""

    public_key_file: str


class FiguresConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the town gives out of its population by district."""

    least_people: int = LEAST_PEOPLE  # smaller numbers are kept back

    def __post_init__(self) -> None:
        """Refuse a number that hides nothing, or everything."""
        if not LEAST_OF_LEAST <= self.least_people <= MOST_OF_LEAST:
            raise ValueError(f"least_people is from {LEAST_OF_LEAST} to {MOST_OF_LEAST}")


class LineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that loses and repeats envelopes, for drills; heard only where the directory is a demonstration's."""

    lost_percent: float = 0.0
    repeated_percent: float = 0.0


class NodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a node is told when it starts."""

    name: str
    folder: str
    signer_socket: str
    directory_file: str
    directory_key_file: str
    database: DatabaseConfig
    tls: TlsConfig
    exchange: ListenConfig
    terminal: TerminalConfig | None = None
    monitor: MonitorConfig | None = None
    clock: ClockConfig | None = None
    hardware: HardwareConfig | None = None
    authority: str = ""  # the folder of the authority that this node runs: a prefecture's, or the nation's
    line: LineConfig | None = None
    issuer: IssuerConfig | None = None  # a registry's; without it no certificate is issued
    seals: SealsConfig = SealsConfig()
    destination: DestinationConfig | None = None  # a registry's; without it no notice of a number is told
    press: PressConfig | None = None  # the nation's; without it no notice of a number is printed
    figures: FiguresConfig = FiguresConfig()
    hall: HallConfig | None = None  # a registry's; without it no other system is answered
    seams: dict[str, int] = {}
    workers: int = 4
    answering_processes: int = 0  # for look-ups, beside the listener's own; none: its threads answer


def read_config(path: Path) -> NodeConfig:
    """Read a node's TOML file.

    Raises: msgspec.ValidationError naming the key that is unknown, absent or of the wrong kind.
    """
    return parse_config(path.read_bytes())


def parse_config(content: bytes) -> NodeConfig:
    """Read the content of such a file. Raises: msgspec.ValidationError, msgspec.DecodeError."""
    try:
        return msgspec.toml.decode(content, type=NodeConfig)
    except (ValueError, RecursionError) as error:
        raise msgspec.DecodeError(f"no TOML file: {type(error).__name__}") from error
