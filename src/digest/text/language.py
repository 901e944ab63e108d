"""Which of our two languages a text is in, by its commonest words and letters."""

import re
from collections.abc import Sequence
from functools import lru_cache

UNKNOWN = "und"
"""BCP 47 tag of a text whose language can not be told."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LOOKED_AT = 20_000
"""Characters: more of a text does not change the answer."""


def words_of(listed: str) -> frozenset[str]:
    """Read a list of words that is parted by white space."""
    return frozenset(listed.split())


# Words that both languages write (a, as, do, no, me, se) are in neither list.
_ENGLISH = words_of(
    """
    the of and to in is that for it with was were be are this by on at from an not or which have has had they their we
    our she his her who what when where there than then these those been will would can could should may might about
    into between after before more most other some such only also but if how all both each while during because does
    did he you your its i my them us through over under very people study studies
    """
)
_PORTUGUESE = words_of(
    """
    de que e o os da dos das do na em um uma para com não por mais foi são é ao aos pela pelo pelas pelos seu sua seus
    suas ou ser quando muito nos já está eu também só até isso ela ele eles elas entre depois sem mesmo ter essa esse
    esta este estes estas foram havia pode podem há à às nas num numa como mas se quem onde sobre cada outro outra
    você vocês nós estudo estudos pessoas
    """
)
# Neighbours that share words with Portuguese (or English): where their words win, the answer is "unknown".
_OTHER = words_of(
    """
    el los las una del y en con es al lo le la les des du et est dans pour une qui sur avec pas il di che della dei per
    non sono gli der die das und ist nicht ein eine den von zu mit auf het een van niet que de se por como para más
    pero sus su muy fue son está este esta no ce cette aux ses leur nous vous mais ou au plus nel anche più ma da um
    """
)
_SHARED_WITH_ENGLISH = words_of("a as do no me")
STOP_WORDS = _ENGLISH | _PORTUGUESE | _SHARED_WITH_ENGLISH | frozenset(["se", "an", "it's"])
"""Words of both languages that say nothing about a subject."""
_PORTUGUESE_LETTERS = re.compile(r"[ãõ]|ç[ãõ]|nh[aeo]\b|lh[aeo]", re.IGNORECASE)

_ENOUGH = 0.12
"""Share of known words below which a text is in neither language."""


def identify(text: str) -> tuple[str, float]:
    """Return `("en" | "pt", confidence)` with a confidence above 0 and at most 1, or `("und", 0.0)` when unsure.

    Two sentences are enough to be sure; a name or a number alone is `und`.
    """
    words = _WORD.findall(text[:_LOOKED_AT].lower())
    if not words:
        return UNKNOWN, 0.0
    english, portuguese, other = map(sum, zip(*map(_speaks_for, words), strict=True))
    best, second = max(english, portuguese), max(min(english, portuguese), other)
    if best / len(words) < _ENOUGH or best <= second:
        return UNKNOWN, 0.0
    margin = (best - second) / best
    # One lucky word is not knowledge: confidence grows with what was seen.
    return ("en" if english > portuguese else "pt"), round(margin * best / (best + 1), 3)


_THIRD: dict[str, frozenset[str]] = {
    "es": words_of(
        """
        el los las una unos unas del y con es al lo su sus pero más muy fue son está están hay también entre cuando donde
        desde sin ser ya este estos esta estas ese esos esas hasta según porque aunque puede pueden años personas
        nos le les ha han había fueron sido cada otro otros otra otras mayor todos todas ni o en un a de que se por para
        como no bien siempre tiene tienen riesgo muerte salud estudio estudios mujeres hombres niños enfermedad sobre
        """
    ),
    "fr": words_of(
        """
        le la les des du et est dans pour une qui sur avec pas un ce cette ces aux ses leur leurs nous vous mais ou au plus
        par sont été être peut peuvent il elle ils elles on que qu'il entre chez ont aussi comme sans deux ne se son sa dont
        ont que de étude risque résultats personnes aucun aucune après avant même très tous toutes n'a n'est c'est s'est d'un d'une qu'il qu'elle si pendant plusieurs
        """
    ),
    "it": words_of(
        """
        il lo gli di che della delle degli dei del dal dalla alla alle al nel nella nelle per non sono è una un con anche
        più ma da si come questo questa questi queste stato stati essere hanno ha può possono o tra fra ed sul sulla
        """
    ),
    "de": words_of(
        """
        der die das und ist nicht ein eine einer eines den dem des von zu mit auf für sich im sind auch wird werden wurde
        wurden oder bei nach aus als wie kann können hat haben durch zur zum dass es sie über nur noch mehr
        """
    ),
    "nl": words_of(
        """
        het een van niet en de dat die met voor zijn op te is ook naar bij door wordt worden werd werden kan kunnen hebben
        heeft aan uit om als maar meer deze dit of ze zich nog wel
        """
    ),
}
_SPANISH_LETTERS = re.compile(r"ñ|ci[óo]n(?:es)?\b|dad\b|ll[aeo]|[mprt]ue[nrsv]")
_FRENCH_LETTERS = re.compile(r"[èùœ]|é(?:e|es|s)\b|\b[dlnqcj]['’]|eux\b|aux\b")
_LETTERS = (("pt", _PORTUGUESE_LETTERS), ("es", _SPANISH_LETTERS), ("fr", _FRENCH_LETTERS))
_CLEARLY = 1.25
_LISTED: dict[str, frozenset[str]] = {
    "en": _ENGLISH | _SHARED_WITH_ENGLISH,
    # Some are no common words, but those of a neighbour: "sono" is sleep here, "come" eats, "par" is a pair.
    "pt": _PORTUGUESE | _SHARED_WITH_ENGLISH | words_of("se um uma as os a tem têm sido sono come par"),
    **_THIRD,
}


def likely_language(text: str) -> str:
    """Return `en`, `pt`, `es`, `fr`, `it`, `de` or `nl`, or `und` where none of them clearly leads.

    For "is this draft in the language it claims": unsure is better than wrong.
    """
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    if not words:
        return UNKNOWN
    scores = dict.fromkeys(_LISTED, 0.0)
    for word in words:
        for language, weight in _weights(word):
            scores[language] += weight
    best, second = sorted(scores, key=lambda language: -scores[language])[:2]
    if scores[best] / len(words) < _ENOUGH or scores[best] < _CLEARLY * scores[second] + 0.5:
        return UNKNOWN
    return best


@lru_cache(maxsize=20_000)
def _weights(word: str) -> tuple[tuple[str, float], ...]:
    """For which languages a word speaks, and how much: 1 for a common word, half for the letters of one."""
    listed = [(language, 1.0) for language, words in _LISTED.items() if word in words]
    common = {language for language, _ in listed}
    return (*listed, *((name, 0.5) for name, letters in _LETTERS if name not in common and letters.search(word)))


_ONLY: dict[str, frozenset[str]] = {
    "en": _ENGLISH - _PORTUGUESE - _SHARED_WITH_ENGLISH,
    "pt": _PORTUGUESE - _ENGLISH - _SHARED_WITH_ENGLISH,
}
_OTHER_ONE = {"en": "pt", "pt": "en"}
_WINDOW, _IN_WINDOW = 7, 3


def foreign_part(words: Sequence[str], language: str) -> tuple[int, int] | None:
    """Return from where to where (in words) a text of one of our languages is in the other one, None where it is not.

    Seven words in a row with three common words of the other language and none of its own.
    """
    other = _OTHER_ONE.get(language, "")
    theirs, ours = _ONLY.get(other, frozenset()), _ONLY.get(language, frozenset())
    foreign = [at for at, word in enumerate(words) if word in theirs]
    for at, third in zip(foreign, foreign[_IN_WINDOW - 1 :], strict=False):
        if third - at < _WINDOW and not any(word in ours for word in words[at : third + 1]):
            end = third + 1
            while end < len(words) and words[end] not in ours:
                end += 1
            start = at
            while start > 0 and words[start - 1] not in ours and at - start < _IN_WINDOW:
                start -= 1
            return start, end
    return None


@lru_cache(maxsize=20_000)
def _speaks_for(word: str) -> tuple[int, float, int]:
    """How much a word speaks for English, Portuguese and a neighbour."""
    letters = 0.5 if _PORTUGUESE_LETTERS.search(word) else 0.0
    return int(word in _ENGLISH), 1.0 if word in _PORTUGUESE else letters, int(word in _OTHER)


@lru_cache(maxsize=1_000)
def primary_subtag(tag: str) -> str:
    """Return the language of a tag (`pt` of `pt-BR` or `pt_BR`), in lower case, empty for an empty tag."""
    return re.split(r"[-_]", tag.strip(), maxsplit=1)[0].lower()


def same_language(tag_a: str, tag_b: str) -> bool:
    """Whether two tags name one language, whatever the region; an unknown language is the same as nothing."""
    first, second = primary_subtag(tag_a), primary_subtag(tag_b)
    return first == second and first not in {"", UNKNOWN}
