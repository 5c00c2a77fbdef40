"""Bank statements: read in the layouts of large banks, and judged by what an honest one must show."""
