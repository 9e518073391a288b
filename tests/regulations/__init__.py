"""Tests of 制度, 廉政风险点 and 宣贯."""
