"""What drives the answer: Morris screening, Sobol indices, a tornado, and what is worth finding out first."""
