"""What must hold across columns and rows, and what is said where it does not."""
