"""Pages for those who work on the portal, in development only."""
