"""Facts, decisions and what stands behind them: the tables of each part stand in its own folder and are read here."""
