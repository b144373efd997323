"""Items of a ledger over time: the Gantt chart of whatever the filter asks for."""
