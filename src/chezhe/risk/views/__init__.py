"""One module of pages for each part of the room."""
