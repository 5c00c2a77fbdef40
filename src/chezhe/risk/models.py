"""Facts, decisions and what stands behind them: the tables of each part stand in its own folder and are read here."""

# The tables of each part stand in its own file.
from chezhe.risk.deciding.models import Decision, DecisionRound, Wish
from chezhe.risk.facts.models import CompanyAccounts, Enquiry, Fact, Statement
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.lab.models import Backtest, ChangedDecision
from chezhe.risk.profiles.models import BehaviourScore, Profile, ProfileDue, WarningReview
from chezhe.risk.registry.models import ModelScore, ModelTurn, ModelWatch, ScoringModel, ShadowAnswer
from chezhe.risk.relations.models import BlacklistEntry, Candidate, Outcome, OutcomeRetraction, Trace, Traced
from chezhe.risk.screening.models import (
    Diligence,
    Hit,
    HitTurn,
    Holding,
    ListEntry,
    ListKey,
    ListVersion,
    Screened,
    ScreenedChunk,
)
from chezhe.risk.trials.models import LiveTrial, TrialLoan, TrialTable
from chezhe.risk.valuing.models import AppraiserRatio, AppraiserReport, Estimate, MarketDeal, ReportPhoto, Valuing

__all__ = [
    "AppraiserRatio", "AppraiserReport", "Backtest", "BehaviourScore", "BlacklistEntry", "Candidate", "ChangedDecision",
    "CompanyAccounts", "CoverageCheck", "Decision", "DecisionRound", "Diligence", "Enquiry", "Estimate", "Fact", "Hit", "HitTurn",
    "Holding", "ListEntry", "ListKey", "ListVersion", "LiveTrial", "MarketDeal", "ModelScore", "ModelTurn", "ModelWatch", "Outcome",
    "OutcomeRetraction", "Profile", "ProfileDue", "ReportPhoto", "ScoringModel", "Screened", "ScreenedChunk", "Security", "ShadowAnswer",
    "Statement", "Trace", "Traced", "TrialLoan", "TrialTable", "Valuing", "WarningReview", "Wish",
]
