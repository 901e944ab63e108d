"""An invented author who writes about couples, and the studies of a quarter around each of her posts."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from digest.works.ranking import Liked, Rankable

AUTHOR_TOPICS = {
    "loneliness": "loneliness lonely social isolation mortality friends belonging",
    "attachment": "attachment insecurity anxious avoidant partner secure base",
    "therapy": "emotionally focused therapy couples session bonding therapist",
    "migration": "migration expatriate acculturation homesickness language partner",
    "conflict": "conflict demand withdraw criticism repair quarrel couples",
    "grief": "grief bereavement widow loss mourning partner",
    "sexuality": "sexual desire intimacy discrepancy satisfaction couples",
    "parents": "parenthood newborn transition couples sleep satisfaction",
}
OTHERS = {
    "neurology": "attachment of tau filaments neurons hippocampus imaging cortex mice",
    "surgery": "patients surgery knee replacement pain opioid recovery hospital",
    "school": "pupils teachers reading curriculum classroom achievement literacy",
    "sleep": "insomnia cognitive sleep apnea polysomnography circadian adults",
    "eating": "obesity diet anorexia eating bulimia weight adolescents",
    "work": "burnout employees leadership turnover organizational nurses shift",
    "memory": "memory encoding recall aging dementia cognition decline",
    "animals": "rats loneliness housing isolation cortisol rodent stress",
    "method": "bayesian scale validation psychometric factor invariance items",
    "addiction": "alcohol cannabis craving relapse opioid dependence treatment",
    "psychosis": "schizophrenia psychosis hallucination antipsychotic symptoms cognition",
    "social": "prejudice voters polarization identity intergroup contact attitudes",
}
FILLERS = (
    "study participants results measured across samples with people over time using questionnaires interviews".split()
)


@dataclass(frozen=True)
class Post:
    """One post and the study it is about."""

    when: date
    liked: Liked
    study: Rankable


def text(rng: random.Random, words: str, length: int) -> str:
    own = words.split()
    return " ".join(rng.choice(own if rng.random() < 0.45 else FILLERS) for _ in range(length))


def author_year(rng: random.Random) -> list[Post]:
    """Return sixteen posts in time order, each on two of her topics."""
    posts = []
    for number in range(16):
        when = date(2025, 1, 15) + timedelta(days=24 * number)
        first, second = rng.sample(sorted(AUTHOR_TOPICS), 2)
        words = f"{AUTHOR_TOPICS[first]} {AUTHOR_TOPICS[first]} {AUTHOR_TOPICS[second]}"
        posts.append(
            Post(
                when=when,
                liked=Liked(kind="post", name=f"Post {number}", text=text(rng, words, 300), when=when),
                study=Rankable(
                    name=f"study-{number}",
                    title=text(rng, words, 9),
                    abstract=text(rng, words, 120),
                    journal=f"Journal {rng.randint(1, 9)}",
                    language="en",
                    published=when - timedelta(days=rng.randint(5, 80)),
                ),
            )
        )
    return posts


def noise(rng: random.Random, count: int, when: date) -> list[Rankable]:
    """Return studies of other fields, some of which use her words in another sense."""
    found = []
    for number in range(count):
        words = OTHERS[rng.choice(sorted(OTHERS))]
        found.append(
            Rankable(
                name=f"noise-{number}",
                title=text(rng, words, 9),
                abstract=text(rng, words, 120),
                journal=f"Journal {rng.randint(1, 40)}",
                language=rng.choice(("en", "en", "en", "pt")),
                published=when - timedelta(days=rng.randint(0, 90)),
            )
        )
    return found


def half_hers(rng: random.Random, count: int, when: date) -> list[Rankable]:
    """Return studies that are for a third about one of her topics and else about another field."""
    found = []
    for number in range(count):
        hers, theirs = AUTHOR_TOPICS[rng.choice(sorted(AUTHOR_TOPICS))], OTHERS[rng.choice(sorted(OTHERS))]
        words = f"{hers} {theirs} {theirs}"
        found.append(
            Rankable(
                name=f"half-{number}",
                title=text(rng, words, 9),
                abstract=text(rng, words, 120),
                journal=f"Journal {rng.randint(1, 40)}",
                language=rng.choice(("en", "en", "pt")),
                published=when - timedelta(days=rng.randint(0, 90)),
            )
        )
    return found
