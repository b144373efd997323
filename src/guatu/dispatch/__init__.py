"""The monthly job: a round's workbooks in; lights, indicators, ranks, ladder, league workbook and circular out."""
