"""What goals mean: their declaration, their values, how far they have come, and what their papers say."""
