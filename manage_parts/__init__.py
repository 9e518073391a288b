"""The parts of `manage`: set-up and commands, on the standard library alone.

They are no part of the site. Nothing here may import `app`, since Flask is not there yet when
these modules run, and nothing in `app` may import them.
"""
