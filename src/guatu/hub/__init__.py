"""The platform: units, people and posts, what they may do, and a record of all they did."""
