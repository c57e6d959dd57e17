"""Everything that knows how Plivo speaks; of ours it knows only domain values."""
