"""How hard a story's words are to read stands beside the article's band, in every language it has."""

from digest.desk.ease import eases_of
from digest.models.segment import Segment
from fakes_text import article, article_text, section, story

EASY = "We sat down and we had tea. Then we went out to the sea and we ran on the sand."
HARD = (
    "Longitudinal psychophysiological investigations systematically characterise interpersonal regulation capabilities "
    "throughout developmental transitions, notwithstanding considerable methodological heterogeneity."
)
TRANSLATED = "Sentamos e tomamos chá. Depois fomos ver o mar e corremos na areia com a nossa mãe."


def segment(key: str, source: str, target: str) -> Segment:
    return Segment(key=key, source=source, target=target, state="draft", origin="fake:1")


def test_the_words_and_their_translation_stand_beside_the_article() -> None:
    told = story(section("studies", EASY), key="post-1")
    segments = {"pt_BR": (segment("post-1/studies/1", EASY, TRANSLATED),), "en": ()}

    eases = eases_of(told, article(article_text(HARD)), segments)

    assert [(one.of, one.lang, one.band) for one in eases] == [
        ("article", "en", "very hard"),
        ("words", "en", "very easy"),
        ("translation", "pt_BR", "very easy"),
    ]
    assert eases[0].longest == ()
    assert eases[1].longest[0] == "Then we went out to the sea and we ran on the sand."


def test_a_few_words_or_an_old_translation_have_no_band() -> None:
    told = story(section("studies", "Ties help."), key="post-1")
    old = {"pt_BR": (segment("post-1/studies/1", "Another sentence.", TRANSLATED),)}

    assert eases_of(told, None, old) == ()
