"""Units and people from a workbook: read elsewhere, compared with what is there, taken whole or not at all."""
