"""Items as a table: what its columns say, in which order, put together by what, with what sums."""
