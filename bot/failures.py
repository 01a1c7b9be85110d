"""Why an article gave no claims, in the words of the command line."""

from domain.extraction import FailureReason

FAILURES = {
    FailureReason.UNREADABLE_SCRIPT: "the text is in a script that the model cannot read",
    FailureReason.TIMEOUT: "it took too long",
    FailureReason.CRASH: "it could not be read",
}
