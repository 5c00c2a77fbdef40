"""What the room writes for people to read: the report of a model, its card, and the sentences of its refusals."""
