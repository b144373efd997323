"""Runs of the engine, kept for replay: lights of items, values of units, each with its reasons."""
