SELECT column_type FROM information_schema.columns WHERE table_schema = database() AND column_name = 'body';
SELECT id, LENGTH(body) FROM t ORDER BY id;
SELECT non_unique, IFNULL(sub_part, 'whole') FROM information_schema.statistics WHERE table_schema = database() AND index_name = 'body_once';
