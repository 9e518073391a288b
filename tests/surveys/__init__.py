"""Tests of 满意度调查."""
