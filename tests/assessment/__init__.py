"""Tests of the assessment: scoring, freezing, portraits, objections, papers."""
