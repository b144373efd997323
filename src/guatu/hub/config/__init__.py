"""Settings, addresses, the policy of every route, and how the site starts."""
