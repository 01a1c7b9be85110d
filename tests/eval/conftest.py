"""The floors are measured with the model that the extraction's tests load."""

from tests.extraction.conftest import model

__all__ = ["model"]
