"""What only several cells, rounds or units together show: row checks, one project in two places, decisions people took."""
