"""MJML to HTML with mrml, after the checks that mrml does not make."""

from digest.adapters.rendering.mjml_lint import Fault, lint, numeric_entities
from digest.errors import FileFormatError

LARGEST_BYTES = 2_000_000
FAULTS_SHOWN = 20


class MjmlError(FileFormatError):
    """A document with faults; each has its place in the MJML."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        lines = [f"  line {fault.line}, column {fault.column}: {fault.what}" for fault in faults[:FAULTS_SHOWN]]
        super().__init__("\n".join(("The mail's templates give MJML that is wrong; mend these places:", *lines)))
        self.faults = faults


class MrmlCompiler:
    """Implements `MjmlCompiler`; the same MJML always gives the same bytes."""

    def compile(self, mjml: str) -> str:
        """Return HTML. Raises MjmlError with line and column of every fault, or FileFormatError."""
        size = len(mjml.encode("utf-8", "replace"))
        if size > LARGEST_BYTES:
            message = f"The mail would be {size // 1000} KB of MJML before layout. Shorten the issue."
            raise FileFormatError(message)
        if faults := lint(mjml):
            raise MjmlError(faults)
        from mjml import mjml2html

        try:
            # No remote fonts: a reader's mailbox asks nobody. No comments: editorial notes do not leave.
            return str(mjml2html(numeric_entities(mjml), disable_comments=True, fonts={}))
        except ValueError as error:
            message = (
                f"The mail template gives MJML that can not be compiled: {error}. Mend templates/email/digest.mjml."
            )
            raise FileFormatError(message) from None
