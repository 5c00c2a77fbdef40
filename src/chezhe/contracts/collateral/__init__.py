"""What stands behind a loan, in our hands: its registrations, its papers and keys, its release, its devices and its insurance."""
