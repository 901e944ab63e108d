"""`glossary.csv` of the author's folder, and the seed that comes with the program."""

from pathlib import Path

from digest.errors import FileFormatError
from digest.models.glossary import Glossary
from digest.text.glossary import LARGEST_BYTES, merged, read_glossary


def glossary_over(seed: Path, own: Path, *, needed: bool = False) -> Glossary:
    """Return the author's glossary with what it leaves open filled from the seed. Raises as `read_glossary_file`."""
    return merged(read_glossary_file(seed), read_glossary_file(own, needed=needed))


def read_glossary_file(path: Path, *, needed: bool = False) -> Glossary:
    """Return the glossary of a file, an empty one where there is no file and none is needed.

    Raises FileFormatError with file and line, also for a file that can not be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        if not needed:
            return Glossary()
        message = f"There is no file {path}. Name a glossary that exists."
        raise FileFormatError(message) from None
    except OSError as error:
        message = f"{path.name} can not be read ({error.strerror}). Let this program read it."
        raise FileFormatError(message) from None
    return read_glossary(path.name, data) if data.strip() else Glossary()
