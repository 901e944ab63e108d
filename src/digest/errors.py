"""Expected failures, each with the exit code that the command line ends with.

    DigestError                  1  never raised itself
    +-- SettingsError            2  digest.toml, environment, arguments
    +-- FileFormatError          2  a stored file that somebody edited into nonsense
    +-- NotApprovedError         3  nothing approved, or the approval is stale
    +-- DeliveryError            4  the mail server or the ledger's sums
    +-- SourceError              5  a source or the network where the whole run depends on it
    +-- EngineError              6  no summary or translation engine
    +-- StateConflictError       7  somebody else wrote, or another run holds the lock
    |   +-- StaleSnapshotError   7  the vault holds a newer snapshot than the one that was seen
    |   +-- BranchMovedError     7  somebody edited an issue on its branch since it was looked at
    +-- StorageError             7  the disk is full or a database can not be opened
    +-- DecisionNeededError      8  the author has to decide before the run can go on

The message is one sentence that says what is wrong and one that says what to do.
A traceback is for bugs: `digest.__main__` prints only these messages.
"""


class DigestError(Exception):
    """Base of every expected failure."""

    exit_code = 1


class SettingsError(DigestError):
    """The settings can not be used; all their mistakes are in the message, one a line."""

    exit_code = 2


class FileFormatError(DigestError):
    """A file of the author's folder can not be read as what it should be."""

    exit_code = 2


class NotApprovedError(DigestError):
    """There is no approval for exactly these bytes."""

    exit_code = 3


class DeliveryError(DigestError):
    """Mail could not be handed over, or the ledger's sums do not balance."""

    exit_code = 4


class SourceError(DigestError):
    """A source failed where the whole run depends on it."""

    exit_code = 5


class EngineError(DigestError):
    """No engine is there to draft or translate."""

    exit_code = 6


class StateConflictError(DigestError):
    """Another run is writing, or wrote in between."""

    exit_code = 7


class StaleSnapshotError(StateConflictError):
    """Somebody else replaced the snapshot in the vault since it was read."""


class BranchMovedError(StateConflictError):
    """Somebody else pushed to the branch of an issue since it was looked at."""


class StorageError(DigestError):
    """The disk is full, or a database can not be opened or is newer than this program."""

    exit_code = 7


class DecisionNeededError(DigestError):
    """Only the author can decide how to go on."""

    exit_code = 8
