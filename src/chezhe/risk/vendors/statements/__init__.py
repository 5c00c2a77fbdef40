"""How banks lay out the statements that they give to their customers."""
