"""Preparing a visit to the site of items, and writing down what was seen."""
