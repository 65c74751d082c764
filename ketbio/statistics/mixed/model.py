"""What a mixed model is once it is fitted."""

from dataclasses import dataclass

import numpy as np

from ketbio.statistics.mixed.patterns import IntArray, Pattern
from ketbio.statistics.mixed.structures.structure import CovarianceStructure
from ketbio.statistics.mixed.sums import KenwardRogerSums, kenward_roger_sums
from ketbio.statistics.record_words import shown
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of, format_number


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedStructure:
    """A covariance structure that was tried and could not be fitted.

    Attributes
    ----------
    name : str
        The word of `STRUCTURES`.
    reason : str
        Why, as the end of a sentence.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MixedModel:
    """A linear mixed model at the maximum of its likelihood.

    Attributes
    ----------
    names : tuple of str
        Columns of the design.
    coefficients : array of shape (p,)
        β, in units of the response per unit of each column.
    covariance : array of shape (p, p)
        Model-based covariance of β, (Σ XᵀΣ⁻¹X)⁻¹: without a correction for estimated variances.
    log_likelihood : float
        At the maximum; by REML without the constant log|XᵀX|, as SAS, nlme, lme4 and mmrm.
    method : str
        ``"reml"`` or ``"ml"``.
    n_observations, n_participants : int
        Rows and participants.
    structure : CovarianceStructure
        The structure fitted, perhaps not the one asked for (see ``tried``).
    structure_asked : str
        The one asked for.
    parameters : array of shape (h,)
        θ of the structure.
    parameter_covariance : array of shape (h, h)
        From the observed information; 0 for a variance that is 0.
    expected_parameter_covariance : array of shape (h, h)
        From the expected information (Kenward & Roger 1997).
    visit_covariance : array of shape (groups, T, T), or None
        Covariance of all visits by group; None where it depends on more than the visits.
    group_labels : tuple of str
        Groups with a covariance of their own, in that order; one empty label without groups.
    patterns : tuple of Pattern
        Participants by what was observed.
    tried : tuple of FailedStructure
        What could not be fitted before.
    warnings : tuple of str
        Sentences that a reader must see.
    response, weights : array of shape (n,)
        As given; weights are 1 where none were.
    design : array of shape (n, p)
        As given.
    participants, visits : array of int, shape (n,)
        Codes 0, 1, …; visits are row numbers within the participant where none were given.
    random_covariance : array of shape (q, q), or None
        Covariance D of random effects.
    unit_variances : tuple of float
        Variances of units within the participant.
    residual_variance : float
        Of random-effect models; NaN otherwise.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    method: str
    n_observations: int
    n_participants: int
    structure: CovarianceStructure
    structure_asked: str
    parameters: FloatArray
    parameter_covariance: FloatArray
    expected_parameter_covariance: FloatArray
    visit_covariance: FloatArray | None
    patterns: tuple[Pattern, ...]
    tried: tuple[FailedStructure, ...]
    warnings: tuple[str, ...]
    response: FloatArray
    weights: FloatArray
    design: FloatArray
    participants: IntArray
    visits: IntArray
    random_covariance: FloatArray | None = None
    unit_variances: tuple[float, ...] = ()
    residual_variance: float = float("nan")
    group_labels: tuple[str, ...] = ("",)

    def __repr__(self) -> str:
        """Return the model in a line, its coefficients and its warnings below."""
        head = shown(
            "MixedModel",
            f"{self.structure.name}, {self.method}",
            f"log-likelihood {format_number(self.log_likelihood, digits=6)}",
            count_of(self.n_participants, "participant"),
            count_of(self.n_observations, "observation"),
            warnings=self.warnings,
        )
        rows = zip(self.names, self.coefficients, self.standard_errors, strict=True)
        told = [f"  {name}: {format_number(b)} (SE {format_number(se)})" for name, b, se in rows]
        return "\n".join([head, *told])

    @property
    def n_columns(self) -> int:
        """Columns p of the design, which has full rank."""
        return int(self.coefficients.size)

    @property
    def n_parameters(self) -> int:
        """Parameters h of the covariance."""
        return int(self.parameters.size)

    @property
    def standard_errors(self) -> FloatArray:
        """Model-based standard errors of β, without a small-sample correction."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def fitted(self) -> FloatArray:
        """Xβ, shape (n,)."""
        return np.asarray(self.design @ self.coefficients)

    @property
    def residuals(self) -> FloatArray:
        """Response less Xβ, shape (n,): as observed, not scaled by weights."""
        return self.response - self.fitted

    @property
    def deviance(self) -> float:
        """−2 times the log-likelihood."""
        return -2 * self.log_likelihood

    @property
    def n_counted(self) -> int:
        """Parameters that AIC and BIC count: those of the covariance, by ML also β's."""
        return self.n_parameters + (self.n_columns if self.method == "ml" else 0)

    @property
    def aic(self) -> float:
        """Akaike's criterion, as SAS and mmrm count it."""
        return self.deviance + 2 * self.n_counted

    @property
    def bic(self) -> float:
        """Schwarz's criterion with the number of participants, as SAS and mmrm count it."""
        return float(self.deviance + np.log(self.n_participants) * self.n_counted)

    @property
    def scaled_design(self) -> FloatArray:
        """The design with rows times the roots of the weights: Σ is the covariance of these."""
        return np.asarray(self.design * np.sqrt(self.weights)[:, None])

    @property
    def scaled_residuals(self) -> FloatArray:
        """Residuals times the roots of the weights."""
        return np.asarray(self.residuals * np.sqrt(self.weights))

    def kenward_roger_sums(self, *, with_second: bool = False) -> KenwardRogerSums:
        """Return P, Q and, if asked for, R of Kenward & Roger (1997) at the maximum."""
        return kenward_roger_sums(
            self.patterns,
            self.structure,
            self.parameters,
            self.scaled_design,
            with_second=with_second,
        )
