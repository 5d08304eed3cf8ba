CREATE TABLE fine (id INTEGER PRIMARY KEY, t TEXT);
INSERT INTO fine VALUES (1, 'x');
CREATE INDEX an_index_whose_name_is_longer_than_the_sixty_three_bytes_of_postgres_1 ON fine (t);
CREATE INDEX an_index_whose_name_is_longer_than_the_sixty_three_bytes_of_postgres_2 ON fine (t, id);
CREATE TABLE a_table_whose_name_is_longer_than_the_sixty_three_bytes_of_postgres (id INTEGER PRIMARY KEY);
INSERT INTO a_table_whose_name_is_longer_than_the_sixty_three_bytes_of_postgres VALUES (1);
CREATE TABLE ééééééééééééééééééééééééééééééééé (id INTEGER PRIMARY KEY);
INSERT INTO ééééééééééééééééééééééééééééééééé VALUES (1);
