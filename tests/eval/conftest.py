"""The floors are measured with the model that the extraction's tests load."""

from tests.extraction.conftest import extractor, model, pipelines

__all__ = ["extractor", "model", "pipelines"]
