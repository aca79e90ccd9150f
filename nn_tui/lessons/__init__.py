"""Lessons: goals on a living experiment, their checks, their proof, and a learner's progress."""
