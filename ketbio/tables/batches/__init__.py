"""Tables too large for memory: screened batch by batch, what is odd handed to `check_table`'s road."""
