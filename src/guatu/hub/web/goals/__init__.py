"""Goals as pages: the tree, a goal, its targets and their splits, its papers."""
