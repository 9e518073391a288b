"""The roster: who works where, as which post, since when; and what a hall keeps beside it."""
