SELECT id FROM short UNION ALL SELECT id FROM é;
SELECT count(DISTINCT indexname), max(length(indexname)) <= 63 FROM pg_indexes WHERE tablename = 'fine' AND indexname LIKE 'an_index%';
