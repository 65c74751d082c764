"""What says who a person is, and how it is kept quiet."""
