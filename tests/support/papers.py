"""What stands on a printed paper, as text."""

import subprocess

from app.kernel import pdf


def lines_of(document: pdf.Document) -> list[str]:
    """Print a paper, and give its lines as they stand side by side, each without blanks."""
    command = ["pdftotext", "-layout", "-", "-"]
    printed = subprocess.run(command, input=pdf.render(document), capture_output=True, check=True)
    return ["".join(line.split()) for line in printed.stdout.decode().splitlines()]


def words_of(document: pdf.Document) -> str:
    """Print a paper, and give all its text without blanks."""
    command = ["pdftotext", "-", "-"]
    printed = subprocess.run(command, input=pdf.render(document), capture_output=True, check=True)
    return "".join(printed.stdout.decode().split())
