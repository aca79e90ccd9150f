"""The session: what a user may ask of the run, and the worker that trains. No widget."""
