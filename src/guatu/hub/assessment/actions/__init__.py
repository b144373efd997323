"""What is done with rounds. Each is one named action."""
