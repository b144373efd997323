"""Units and their history, people, the posts they hold, and what a post allows."""
