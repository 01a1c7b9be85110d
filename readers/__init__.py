"""From what people forward to an article's plain text."""
