"""The nouns and the law of a case; standard library only."""
