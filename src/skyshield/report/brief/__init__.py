"""The printed brief: four pages for a decision-maker, as a document, one page of HTML or one slide, in two languages."""
