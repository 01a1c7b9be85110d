"""What files and pages hold: articles, or the reason why there are none."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.extraction import Metadata


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article's plain text, paragraphs apart by a blank line, and what its file or page says about it."""

    text: str
    metadata: Metadata = field(default_factory=Metadata)


class NoArticle(StrEnum):
    """Why a file or an address gives no article."""

    # files
    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown_format"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted"
    SCAN = "scan"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    BOMB = "bomb"
    # addresses
    NOT_AN_ADDRESS = "not_an_address"
    PRIVATE_ADDRESS = "private_address"
    NOT_REACHED = "not_reached"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    NOT_FOUND = "not_found"
    LOG_IN = "log_in"
    CONSENT_WALL = "consent_wall"
    ROBOT_CHECK = "robot_check"
    REFUSED = "refused"
    NOT_A_PAGE = "not_a_page"
    NO_ARTICLE_ON_PAGE = "no_article_on_page"
    # either
    TIMEOUT = "timeout"
    CRASH = "crash"


# One file may hold several articles, as a press review does; a page holds one.
FileContent = tuple[FoundArticle, ...] | NoArticle
PageContent = FoundArticle | NoArticle
