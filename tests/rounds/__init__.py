"""Random rounds: a random schema with random rows at the source, one copy, and the question whether each row is either at
the target as it was or named in the reject file. A round is made from a seed and made small when it fails.

model        what a round is made of, and its SQL
texts        texts and names
types_of_…   what each engine's columns may be declared as, and the literals for them
expressions  generated columns and checks
there        tables that are at the target before, and types that rules want
making       a round from a seed
oracle       what a column of the target can hold
meaning      what a value means in a column of another type than a copy would make
judge        one run and what is wrong with it
shrink       a smaller round with the same fault"""
