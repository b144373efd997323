"""What can be changed about units, people and posts. Each is one named action."""
