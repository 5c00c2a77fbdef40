"""What a new database knows from the start. Every function may run again: rows are added, never changed."""
