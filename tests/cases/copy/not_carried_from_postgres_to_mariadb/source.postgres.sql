CREATE TABLE p (id bigint PRIMARY KEY, a bigint, b bigint, UNIQUE (a, b));
CREATE TABLE c (
  id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10 MINVALUE 1 MAXVALUE 500 CYCLE) PRIMARY KEY,
  p bigint CONSTRAINT later REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED,
  a bigint DEFAULT 1, b bigint DEFAULT 1,
  raw bytea DEFAULT '\xdeadbeef',
  CONSTRAINT whole FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL ON DELETE SET DEFAULT
);
CREATE TABLE long_keys (code varchar(1000) PRIMARY KEY, a text, b text, c text, d text, e text);
CREATE INDEX five ON long_keys (a, b, c, d, e);
INSERT INTO p VALUES (1, 1, 1);
INSERT INTO c (p) VALUES (1);
INSERT INTO long_keys VALUES ('x', 'a', 'b', 'c', 'd', 'e');
