"""The printed brief: four pages for a decision-maker, on paper, as one page of HTML or one slide, in two languages."""
