"""Files as they come: what kind a file is, opened within limits, its sheets as plain grids."""
