CREATE TABLE a (id integer PRIMARY KEY, t text);
COMMENT ON TABLE a IS 'It''s about "a" \ 漢';
COMMENT ON COLUMN a.t IS 'two
lines';
