"""Is a forecast or an alert worth anything: proper scores, hits, calibration, an honest verdict."""

from qalqan.science.flashpoints.scoring.calibration import (
    ReliabilityBin,
    pit_histogram,
    randomised_pit,
    reliability,
    uniformity,
)
from qalqan.science.flashpoints.scoring.checks import ScoreInputError
from qalqan.science.flashpoints.scoring.comparison import Verdict, compare
from qalqan.science.flashpoints.scoring.counts import (
    Forecast,
    crps,
    log_score,
    share_log_score,
)
from qalqan.science.flashpoints.scoring.hotspots import HotspotScore, hotspots, pooled
from qalqan.science.flashpoints.scoring.rolling import (
    SHARES,
    Events,
    Forecaster,
    History,
    Origin,
    OriginScore,
    Panel,
    backtest,
    judge,
    rolling_origins,
)
from qalqan.science.flashpoints.scoring.surveillance import (
    AlertRate,
    DailyResult,
    Detection,
    Proportion,
    alert_days,
    detection,
    false_alerts,
    rejection_rate,
    run_daily,
)

__all__ = [
    "SHARES",
    "AlertRate",
    "DailyResult",
    "Detection",
    "Events",
    "Forecast",
    "Forecaster",
    "History",
    "HotspotScore",
    "Origin",
    "OriginScore",
    "Panel",
    "Proportion",
    "ReliabilityBin",
    "ScoreInputError",
    "Verdict",
    "alert_days",
    "backtest",
    "compare",
    "crps",
    "detection",
    "false_alerts",
    "hotspots",
    "judge",
    "log_score",
    "pit_histogram",
    "pooled",
    "randomised_pit",
    "rejection_rate",
    "reliability",
    "rolling_origins",
    "run_daily",
    "share_log_score",
    "uniformity",
]
