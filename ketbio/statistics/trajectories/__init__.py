"""Trajectories: whole courses of participants, permuted or turned around as one."""
