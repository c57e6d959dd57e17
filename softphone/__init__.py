"""A hotline's phone in the browser, on the organisation's own Plivo account."""

__version__ = "0.1.0"
