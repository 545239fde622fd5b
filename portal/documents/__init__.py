"""Documents worth keeping: a typed value first, a template second, bytes last.

Nothing here reads a database or a clock: whoever composes a document hands over every word that it shall say.
"""
