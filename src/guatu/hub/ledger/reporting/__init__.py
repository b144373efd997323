"""Figures of items reported by hand: which are asked for, of which round, what checks say of them, whose are not in yet."""
