"""The reference of every run: the least that Flask can answer, under the site's own gunicorn."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def say_hello() -> str:
    """Answer with one word."""
    return "hello"
