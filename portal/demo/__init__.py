"""The demo practice "Lumière Aesthetics": made-up people, real rules. Built through the services, the same each time
but for the day it is built on."""
