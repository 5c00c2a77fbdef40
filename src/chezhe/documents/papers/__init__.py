"""What every printed paper needs: the press, the frame (`common.typ`) and the way figures are written.

A template is a typst file beside the code that fills it, in the room whose paper it is.
"""
