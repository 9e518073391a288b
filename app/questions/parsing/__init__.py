"""Reading files of questions: a chain of small steps, none of which guesses.

"what is sure is taken, what is doubtful is shown side by side with the source, nothing is guessed".

A reader (`readers`: text, Word, Excel; `json_form`: JSON) turns the file into a `document` of lines
and tables, which `bounds` keeps within what can be looked through.
`tables` takes those that hold questions or keys and lays the others flat. `lines` says what each
line begins with (`numbers`, `headings`, `fields`, `options`, over text whose width `folding` made
one); `assembling` puts lines together as `drafts` (`place` knows where the walk is, `filling` what
goes where), and `answer_lists` with `matching` bring keys
that stand elsewhere to their questions. `judging` decides on kind and key, with `keys` and
`blanks`, and says what is doubtful. Nothing here knows of Flask or of a database.
"""

from app.questions.parsing.assembling import assemble
from app.questions.parsing.bounds import bounded, bounded_left
from app.questions.parsing.document import Document, Line
from app.questions.parsing.drafts import Assembled, Entry
from app.questions.parsing.json_form import read_json
from app.questions.parsing.judging import judge
from app.questions.parsing.key_parts import KeyPart
from app.questions.parsing.lines import Begin, Lines
from app.questions.parsing.matching import match, share_keys
from app.questions.parsing.numbers_check import check_numbers
from app.questions.parsing.readers import decode, read_document
from app.questions.parsing.result import ParseResult
from app.questions.parsing.tables import KeyRows, arrange


def parse_file(
    content: bytes, name: str, *, answers: tuple[bytes, str] | None = None
) -> ParseResult:
    """Read the questions of a file; `name` tells its format, `answers` is a second file of keys.

    Raises UnreadableFileError with what to do. Slow for large files: never inside a write.
    """
    if name.lower().endswith(".json") and (said := read_json(decode(content))):
        return said
    document = bounded(read_document(content, name))
    keys = bounded(read_document(*answers)) if answers else None
    return parse_document(document, keys)


def parse_document(document: Document, keys: Document | None = None) -> ParseResult:
    """Read the questions of what a reader gave."""
    blocks, left = arrange(document.blocks)
    assembled = assemble(blocks)
    if keys is not None:
        assembled.entries += read_keys(keys, assembled)
        left += keys.problems
    left += [*document.problems, *assembled.left]
    share_keys(assembled.groups)
    left += match(assembled.sections, assembled.entries)
    left += check_numbers(assembled.sections)
    return judge(assembled, document, bounded_left(left))


def read_keys(document: Document, assembled: Assembled) -> list[Entry]:
    """Read a second file, which holds only keys."""
    blocks, left = arrange(document.blocks)
    part = KeyPart()
    part.open(None)
    lines = Lines([each for each in blocks if isinstance(each, Line)])
    texts = iter(lines.all)
    for block in blocks:
        if isinstance(block, Line):
            line = next(texts)
            if line.begin not in {Begin.BLANK, Begin.NOISE}:
                part.take(line, None)
        elif isinstance(block, KeyRows):
            for entry in block.entries:
                part.keep(entry)
    assembled.left += [*left, *part.left]
    return part.entries
