"""The marker for message ids that are looked up later, in the reader's or author's language."""


def N_(message: str) -> str:  # noqa: N802 -- the name gettext tools know
    """Return the message id unchanged; `scripts/catalogues` finds it by this mark and adds it to the catalogues."""
    return message
