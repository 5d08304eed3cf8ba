CREATE TABLE i (id integer GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5) PRIMARY KEY, t text);
INSERT INTO i (t) VALUES ('a'), ('b');
CREATE TABLE s (id serial PRIMARY KEY, t text);
INSERT INTO s (t) VALUES ('a'), ('b');
CREATE SEQUENCE shared START 100;
CREATE TABLE q (id bigint PRIMARY KEY DEFAULT nextval('shared'), t text);
INSERT INTO q (t) VALUES ('a');
CREATE TABLE never (id serial PRIMARY KEY);
