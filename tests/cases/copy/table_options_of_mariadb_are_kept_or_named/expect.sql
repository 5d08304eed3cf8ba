SELECT HEX(doc) FROM t;
SELECT character_set_name FROM information_schema.columns WHERE table_schema = database() AND column_name = 'doc';
SELECT check_clause FROM information_schema.check_constraints WHERE constraint_schema = database();
SELECT count(*) FROM _rowferry_like;
