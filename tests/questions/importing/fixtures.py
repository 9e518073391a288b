"""The fixtures, one for each layout that the halls' files have."""

from tests.questions.importing import (
    excel_files,
    key_places,
    kinds_and_cases,
    plain_texts,
    word_layouts,
)

FIXTURES = {
    "our Excel template": excel_files.our_template,
    "other Excel tables": excel_files.other_tables,
    "options on separate lines": plain_texts.lines,
    "options on one line": plain_texts.one_line,
    "automatic numbering": word_layouts.numbered,
    "options in tables and after tabs": word_layouts.tables_and_tabs,
    "key list at the end": key_places.list_at_end,
    "key list with a gap": key_places.list_with_gap,
    "key table at the end": key_places.table_at_end,
    "keys in a second file": key_places.second_file,
    "judgements, blanks and model answers": kinds_and_cases.mixed,
    "cases": kinds_and_cases.cases,
    "ornaments": plain_texts.ornaments,
}
