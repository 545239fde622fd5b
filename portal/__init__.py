"""Patient portal for medical-aesthetics practices."""

__version__ = "0.1.0"
