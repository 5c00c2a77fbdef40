"""Risk models as readable artefacts: binning, scorecards, boosting, prices, reports. Knows nothing of the database."""
