"""How long a text takes to read."""

WORDS_PER_MINUTE = 184
"""Mean of adults reading aloud in 17 languages, English and Brazilian Portuguese among them (doi:10.1167/iovs.11-8284)."""


def reading_minutes(words: int) -> int:
    """Return whole minutes for a number of words, at least 1."""
    return max(1, round(words / WORDS_PER_MINUTE))
