"""`make bench`: the portal measured beside a bare Reflex application, in the same run, on the same machine."""
