CREATE TABLE fine (id INTEGER PRIMARY KEY);
CREATE TABLE t (id INTEGER PRIMARY KEY, a_column_whose_name_is_longer_than_the_sixty_three_bytes_of_postgres TEXT);
