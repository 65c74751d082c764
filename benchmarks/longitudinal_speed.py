"""Time of a longitudinal fit beside statsmodels' MixedLM and R's nlme and lme4; and its growth."""

import csv
import shutil
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from longitudinal_trials import Rows
from measuring import REPEATS, alone, heading, row, skipped, timed, verdict
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM
from validity_tables import FloatArray

from ketbio.statistics.mixed.contrast import contrast_test
from ketbio.statistics.mmrm import fit_mixed_model, fit_random_effects

FEV = Path(__file__).resolve().parents[2] / "shared" / "studies" / "mmrm_fev" / "fev_data.csv"
LEVELS = {
    "RACE": ("Asian", "Black or African American", "White"),
    "SEX": ("Male", "Female"),
    "ARMCD": ("PBO", "TRT"),
}
SIZES = (200, 2_000, 20_000)
TARGET = 3
"""The unstructured fit is to take no more than a third of statsmodels' random intercept."""

RATE_AGREES = 1e-5
"""How closely log-likelihoods of nlme and ketbio agree."""

IN_R = """
suppressMessages({library(nlme); library(lme4)})
d <- read.csv("PATH"); X <- as.matrix(d[, grep("^x", names(d))]); d$visit <- factor(d$visit)
best <- function(f) min(sapply(1:3, function(i) system.time(f())[["elapsed"]]))
un <- function() gls(y ~ X - 1, d, correlation = corSymm(form = ~ as.integer(visit) | who),
                     weights = varIdent(form = ~ 1 | visit), method = "REML")
cat(best(un), as.numeric(logLik(un())), best(function() lmer(y ~ X - 1 + (1 | who), d)), "\\n")
"""


@dataclass(frozen=True, slots=True)
class InR:
    """Seconds of nlme's unstructured gls and of lme4's random intercept, and gls' log-likelihood.

    ``reason``: why there are none.
    """

    gls: float = 0.0
    log_likelihood: float = 0.0
    lmer: float = 0.0
    reason: str = ""


def fev_rows() -> tuple[Rows, str]:
    """Return FEV1 by race, sex and arm × visit, or a simulation of the same shape."""
    if not FEV.exists():
        return simulated_rows(200, np.random.default_rng(1), share_missed=0.33), "simulated shape"
    with FEV.open(encoding="utf-8", newline="") as file:
        known = [line for line in csv.DictReader(file) if line["FEV1"] != "NA"]
    ids = {one: place for place, one in enumerate(dict.fromkeys(r["USUBJID"] for r in known))}
    visit = np.array([int(line["AVISIT"][-1]) - 1 for line in known])
    arm = _indicators(known, "ARMCD")
    at = np.eye(4)[visit]
    design = np.column_stack([_indicators(known, "RACE"), _indicators(known, "SEX"), at, at * arm])
    return (
        Rows(
            response=np.array([float(line["FEV1"]) for line in known]),
            design=design,
            participants=np.array([ids[line["USUBJID"]] for line in known]),
            visits=visit,
        ),
        f"fev_data, {len(known)} rows",
    )


def _indicators(lines: list[dict[str, str]], name: str) -> FloatArray:
    values = np.array([line[name] for line in lines])
    return np.stack([values == level for level in LEVELS[name][1:]], axis=1).astype(float)


def simulated_rows(
    n: int, rng: np.random.Generator, *, n_visits: int = 4, share_missed: float = 0.15
) -> Rows:
    """Return participants of two arms, each with at least the first visit."""
    correlation = 0.7 ** np.abs(np.subtract.outer(np.arange(n_visits), np.arange(n_visits)))
    spreads = 7 + np.arange(n_visits)
    y = rng.multivariate_normal(np.zeros(n_visits), correlation * np.outer(spreads, spreads), n)
    here = rng.random(y.shape) >= share_missed
    here[:, 0] = True
    who, visit = np.nonzero(here)
    arm, baseline = (who % 2).astype(float), rng.normal(size=n)[who]
    at = np.eye(n_visits)[visit]
    design = np.column_stack([at, at * arm[:, None], baseline])
    return Rows(response=y[here], design=design, participants=who, visits=visit)


def unstructured(rows: Rows) -> object:
    """Fit, and test every arm × visit contrast with Kenward–Roger's degrees of freedom."""
    model = fit_mixed_model(
        rows.response, rows.design, participants=rows.participants, visits=rows.visits
    )
    for place in range(4):
        contrast_test(model, np.eye(rows.design.shape[1])[place])
    return model


def random_intercept(rows: Rows) -> object:
    ones = np.ones(rows.response.size)
    return fit_random_effects(rows.response, rows.design, ones, participants=rows.participants)


def statsmodels_intercept(rows: Rows) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MixedLM(rows.response, rows.design, groups=rows.participants).fit()


def in_r(rows: Rows) -> InR:
    """Fit the same in R, timed inside R; a reason where R or a package is absent."""
    if shutil.which("Rscript") is None:
        return InR(reason="there is no Rscript on this machine")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        _write(path, rows)
        found = subprocess.run(
            ["Rscript", "-"],
            check=False,
            input=IN_R.replace("PATH", path.as_posix()),
            capture_output=True,
            text=True,
        )
    if found.returncode:
        return InR(reason=found.stderr.strip().splitlines()[-1])
    return InR(*map(float, found.stdout.split()))


def _write(path: Path, rows: Rows) -> None:
    columns: NDArray[np.float64] = np.column_stack(
        [rows.response, rows.participants, rows.visits, rows.design]
    )
    names = ["y", "who", "visit", *(f"x{i}" for i in range(rows.design.shape[1]))]
    np.savetxt(path, columns, delimiter=",", header=",".join(names), comments="")


def run() -> None:
    """Print the times."""
    rows, name = fev_rows()
    print(f"\n{name}: {rows.design.shape[1]} effects, 4 visits")
    heading("statsmodels")
    ours = timed(lambda: unstructured(rows), REPEATS + 2)
    theirs = timed(lambda: statsmodels_intercept(rows))
    met = verdict(theirs.seconds >= TARGET * ours.seconds, f"≥ {TARGET} ×")
    row("unstructured, Kenward–Roger | r. intercept", ours.seconds, theirs.seconds, met)
    mine = timed(lambda: random_intercept(rows), REPEATS + 2)
    row("random intercept", mine.seconds, theirs.seconds)
    heading("R")
    found = in_r(rows)
    if found.reason:
        skipped("nlme, lme4", found.reason)
    else:
        off = abs(ours.found.log_likelihood - found.log_likelihood)
        if off > RATE_AGREES * abs(found.log_likelihood):
            raise SystemExit(f"log-likelihoods differ: nlme's is {found.log_likelihood!r}")
        row("unstructured | nlme gls", ours.seconds, found.gls, f"log-likelihood off by {off:.1e}")
        row("random intercept | lme4", mine.seconds, max(found.lmer, 0.001))
    growth()


def growth() -> None:
    """Print how the unstructured fit grows with participants, 15 % of visits missed."""
    print(f"\nGrowth, unstructured with Kenward–Roger\n{'participants':<40}{'ketbio':>12}")
    seconds = []
    for n in SIZES:
        rows = simulated_rows(n, np.random.default_rng(n))
        seconds.append(timed(lambda rows=rows: unstructured(rows)).seconds)
        alone(f"{n:,} ({rows.response.size:,} rows)", seconds[-1])
    power = np.polyfit(np.log(SIZES), np.log(seconds), 1)[0]
    print(f"time ∝ participants^{power:.2f}")
