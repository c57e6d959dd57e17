"""The REST resources of the pretend Plivo that a softphone calls, shaped like Plivo's (`rest.md`)."""
