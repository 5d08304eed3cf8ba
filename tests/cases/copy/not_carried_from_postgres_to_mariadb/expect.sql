SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM long_keys);
