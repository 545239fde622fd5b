"""`make bench`: the portal measured against a bare Reflex application, both built, served and asked in the same run."""
