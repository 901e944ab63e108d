"""The words and word pairs of a text that can carry a topic, in English and Portuguese."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORD = re.compile(r"[a-z]{3,}")
_SHORTEST = 3
# Words that every abstract has: they tell studies from cookery, not one study from another.
_EMPTY = frozenset(
    "the and for that with this from are was were been has have had not but they their them which who whom whose what when"
    " where how why can could may might will would should shall does did done than then there these those here also such"
    " into onto over under between among within without about after before during through while both each other others"
    " more most less least much many some any all none very our your his her its one two three our you she him it's"
    " study studies research result results finding findings method methods participants participant sample data analysis"
    " analyses significant significantly effect effects association associations associated related relationship using"
    " used based across however therefore background objective objectives conclusion conclusions discussion aim aims"
    " examined examine found find show showed shows suggest suggests suggested report reported reports article paper"
    " meta analytic systematic randomized randomised trial review literature present provide provides further future role level levels high higher low lower group groups"
    " compared measure measures measured model models test tests tested total age years year new including include"
    " que para com por uma uns umas dos das nos nas pelo pela pelos pelas seu sua seus suas ele ela eles elas isso isto"
    " esse essa este esta estes estas aquele aquela como mais menos muito muitos muita muitas entre sobre sem sob ate"
    " apos antes durante quando onde quem qual quais foi foram ser sao sendo era eram tem teve tiveram pode podem nao sim"
    " tambem ainda mas porem portanto estudo estudos pesquisa pesquisas resultado resultados metodo metodos amostra dados"
    " analise participantes participante objetivo conclusao artigo revisao literatura grupo grupos maior menor idade anos"
    " ano cada outro outra outros outras todo toda todos todas mesmo mesma nosso nossa foram".split()
)


def terms(text: str) -> Iterator[str]:
    """Yield the topic words of a text in order, and each pair of neighbours as one term."""
    before = ""
    for stem in stems(text):
        if stem:
            yield stem
            if before:
                yield f"{before} {stem}"
        before = stem


def stems(text: str) -> list[str]:
    """Return the topic words in order; an empty text stands for each word that says nothing."""
    return [stemmed(word) for word in words(text)]


def words(text: str) -> list[str]:
    """Return the words of three letters and more, without accents, in lower case."""
    lowered = text.lower()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode("ascii")
    return _WORD.findall(lowered)


@lru_cache(maxsize=100_000)
def stemmed(word: str) -> str:
    """Return a word without its plural, which is too little to join two words; empty for one that says nothing."""
    if word in _EMPTY:
        return ""
    if len(word) > _SHORTEST + 1 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
