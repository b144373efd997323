"""Pages on which a round's figures are reported by hand."""
