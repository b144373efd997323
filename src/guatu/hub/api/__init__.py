"""The API for programs: the same actions and the same rules as the pages."""
