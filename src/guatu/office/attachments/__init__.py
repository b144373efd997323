"""Files people attach as evidence: told by their bytes, pictures made anew without what a camera wrote beside them."""
