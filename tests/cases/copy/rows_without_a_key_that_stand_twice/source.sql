CREATE TABLE d (a INTEGER, t TEXT);
INSERT INTO d VALUES (1, 'x'), (1, 'x'), (1, NULL), (1, NULL), (NULL, NULL), (NULL, NULL), (2, '');
