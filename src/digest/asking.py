"""The mail that asks somebody whether they want the newsletter, in their own language (double opt-in).

The sentence that an answer agrees to is kept word for word with the answer, as the proof of consent.
"""

from datetime import datetime
from urllib.parse import quote

from digest.i18n import choose_locale, words
from digest.models.asking import Asking, Question
from digest.models.newsletter import Newsletter
from digest.models.sending import Signer
from digest.text.mailbox import parse_mailbox
from digest.text.plain_mail import answers_to, plain_mail


def question(newsletter: Newsletter, asking: Asking, *, now: datetime, signer: Signer | None = None) -> Question:
    """Compose it. Raises SettingsError for an address that can not be written to."""
    locale = choose_locale(asking.subscriber.locale, newsletter.locales)
    says = words(locale)
    names = {"newsletter": newsletter.title(locale), "author": newsletter.author}
    monthly = asking.subscriber.frequency == "monthly"
    # Two whole sentences, for this is what people agree to.
    wording = (
        says.gettext(
            "Yes, I want to get the newsletter %(newsletter)s by %(author)s by email, once a month at most. I can leave "
            "at any time with the link in each mail."
        )
        if monthly
        else says.gettext(
            "Yes, I want to get the newsletter %(newsletter)s by %(author)s by email. I can leave at any time with the "
            "link in each mail."
        )
    ) % names
    link = f"mailto:{quote(answers_to(newsletter), safe='@+')}?subject=confirm%20{asking.token}"
    legal = newsletter.legal
    paragraphs = [
        says.gettext("Somebody, probably you, asked for the newsletter %(newsletter)s by %(author)s at this address.")
        % names,
        says.gettext(
            "Do you want it? Then answer this mail with the word YES, or open this link and send the mail as it is:"
        ),
        link,
        says.gettext("With your answer you say:"),
        f"    {wording}",
        says.gettext(
            "If you do not want it, you need do nothing: no further mail comes, and this address is forgotten after "
            "14 days. Your address is used for nothing else."
        ),
        "\n".join(part for part in ("-- ", legal.identity(locale), legal.address, legal.notice_url) if part),
    ]
    message = plain_mail(
        newsletter,
        recipient=asking.subscriber.address,
        name=f"{asking.token}.confirm",
        subject=says.gettext("Do you want the newsletter %(newsletter)s? Please confirm") % names,
        text="\n\n".join(paragraphs),
        locale=locale,
        date=now,
        signer=signer,
    )
    return Question(
        sender=_bounces_to(newsletter, asking.token),
        message=message,
        wording=wording,
        language=locale.replace("_", "-"),
    )


def _bounces_to(newsletter: Newsletter, token: str) -> str:
    mailbox = parse_mailbox(newsletter.bounces) if newsletter.bounces else None
    if mailbox is None:
        sender = parse_mailbox(newsletter.sender)
        return sender.address if sender else ""
    local, _, domain = mailbox.address.rpartition("@")
    return f"{local}+{token}@{domain}"
