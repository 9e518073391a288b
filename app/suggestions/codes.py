"""查询码: what somebody without an account follows his opinion by.

"Tracking code for a suggestion >= 64 bits, constant-time compare, no enumeration." It is shown once
and kept as a hash only. It comes from the number of the form that was sent, so that whoever presses
the button twice gets the same code and not a second record.
"""

import hashlib
import hmac
import unicodedata

from flask import current_app

# Without 0 and O, 1, I and L, U and V: read over the telephone nobody takes one for another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
LENGTH = 16
GROUP = 4


def make_code(nonce: str) -> str:
    """Give the code of a form's number: 77 bits that only this hall can work out."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    drawn = int.from_bytes(hmac.digest(key, b"idea-code:" + nonce.encode(), "sha256"), "big")
    characters = []
    for _ in range(LENGTH):
        drawn, place = divmod(drawn, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def show_code(code: str) -> str:
    """Write a code in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(text: str) -> str:
    """Read what somebody typed: blanks, dashes, small and full-width letters are all right.

    Gives the empty text for what can be no code.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    code = "".join(character for character in plain if character in ALPHABET)
    kept = [character for character in plain if character.isalnum()]
    return code if len(code) == LENGTH == len(kept) else ""


def hash_code(code: str) -> str:
    """Give what is kept of a code; it has too many bits to be guessed from it."""
    return hashlib.sha256(b"idea-code:" + code.encode()).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compare two hashes in a time that says nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
