"""What an incoming table must hold: schema files as frozen records."""
