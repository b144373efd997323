"""What can be changed in ledgers. Each is one named action."""
