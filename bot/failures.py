"""Why an article gave no claims, in the words of the command line."""

from domain.extraction import FailureReason

FAILURES = {
    FailureReason.UNREADABLE_SCRIPT: "the text has no letters",
    FailureReason.TIMEOUT: "it took too long",
    FailureReason.CRASH: "it could not be read",
}
