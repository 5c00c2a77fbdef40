"""Bank, channel and ledger say the same, or somebody knows why not."""
