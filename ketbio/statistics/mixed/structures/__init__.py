"""How observations of one participant vary together: covariance matrices and their derivatives."""
