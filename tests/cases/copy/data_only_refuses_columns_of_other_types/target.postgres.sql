CREATE TABLE a (id integer PRIMARY KEY, big integer, t boolean, b text);
