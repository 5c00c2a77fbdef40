"""Invented people, companies and cars: one hidden life each, from which every outside service tells its part."""
