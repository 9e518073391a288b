"""The demonstration's question bank: TOML files by theme, and the loader that refuses faulty ones.

Questions rest on the two plans or on an article of the demonstration's own rules; no law is quoted.
Nothing is written to the database here: that is the business of app/questions/demo.py.
"""
