"""The composition root of what readers suggest: from the letters in the list of readers to the author's articles.

In workflows no job knows both databases, so the one that reads the mailbox writes the studies' names, and nothing else
of a letter, into a file of the author's folder, and the one that prepares issues takes them over from there.
"""

from datetime import datetime
from pathlib import Path

from digest import bootstrap_people
from digest.config import Config
from digest.errors import DigestError
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, StageReport

_FILE = "suggestions.txt"
_HEAD = "# Studies that readers suggested by mail. Written by `digest`; the next issue's candidates are made of them.\n"
_MEND = "Nothing to do: it is tried again by the next run."
_MOST = 30


def take(config: Config, newsletter: Newsletter, *, now: datetime) -> StageReport:
    """Keep what readers suggested, each study once. What fails is tried again, and the report says why."""
    from digest import bootstrap, studies

    try:
        names = bootstrap_people.studies_suggested(config, newsletter.newsletter_id)
        if not names:
            return StageReport(stage="tend")
        with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
            return studies.take_suggestions(shop, names, now=now)
    except DigestError as error:
        return _failed(error)


def publish(config: Config, newsletter: Newsletter) -> StageReport:
    """Write what readers suggested into the author's folder, and into its repository where it is one."""
    from digest import bootstrap_ci
    from digest.adapters.stores.atomic import write_atomic

    try:
        names = bootstrap_people.studies_suggested(config, newsletter.newsletter_id)
        file = _file(config, newsletter)
        new = not set(names) <= set(published(config, newsletter))
        if new:
            write_atomic(file, (_HEAD + "".join(f"{name}\n" for name in names)).encode())
        # Also where a run was killed between the two.
        if names and bootstrap_ci.is_repository(config):
            new = bootstrap_ci.words(config).record(file.name, "Note what readers suggest") or new
    except DigestError as error:
        return _failed(error)
    told = f"{len(names)} studies that readers suggest are in {file.name}"
    return StageReport(stage="tend", made=(told,) if new else ())


def published(config: Config, newsletter: Newsletter) -> tuple[str, ...]:
    """Return the names of studies in that file; a line that names none is left out, for anybody may have edited it."""
    from digest.works.identity import study_named_by

    try:
        lines = _file(config, newsletter).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    names = (study_named_by(line) for line in lines if not line.startswith("#"))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST]


def _file(config: Config, newsletter: Newsletter) -> Path:
    several = len(config.newsletters) > 1
    return config.folder / (f"{newsletter.newsletter_id}-{_FILE}" if several else _FILE)


def _failed(error: DigestError) -> StageReport:
    return StageReport(stage="tend", problems=(Problem(where="suggestions", what=str(error), mend=_MEND),))
