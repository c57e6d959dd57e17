"""SIP over WebSocket, as far as the browser SDK speaks it (RFC 3261, RFC 7118)."""
