"""The demo study: simulated, and said to be so in every file."""
