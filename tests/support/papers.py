"""What stands on a printed paper, as text."""

import subprocess

from app.kernel import pdf


def words_of(document: pdf.Document) -> str:
    """Print a paper, and give all its text without blanks."""
    command = ["pdftotext", "-", "-"]
    printed = subprocess.run(command, input=pdf.render(document), capture_output=True, check=True)
    return "".join(printed.stdout.decode().split())
