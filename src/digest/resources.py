"""Where the templates and catalogues are: inside the installed package, or at the top of a checkout."""

from importlib import resources
from pathlib import Path

from digest.errors import SettingsError


def resource_dir(name: str) -> Path:
    """Return the folder `templates` or `locales`. Raises SettingsError where neither place has it."""
    package = Path(str(resources.files("digest")))
    # In a checkout the package is `src/digest`, and the folders lie two levels above it.
    for folder in (package / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    message = f"The folder {name!r} is missing from this installation. Install digest again."
    raise SettingsError(message)
