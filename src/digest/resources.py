"""Where the templates and catalogues are: inside the installed package, or at the top of a checkout."""

from importlib import resources
from pathlib import Path


def resource_dir(name: str) -> Path:
    """Return the folder `templates` or `locales`. Raises FileNotFoundError where the installation lacks it: a bug."""
    package = Path(str(resources.files("digest")))
    # In a checkout the package is `src/digest`, and the folders lie two levels above it.
    for folder in (package / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder {name!r} is missing from this installation. Install digest again.")
