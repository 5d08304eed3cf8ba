SELECT id, a FROM b ORDER BY id;
SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1;
SELECT confrelid::regclass, convalidated FROM pg_constraint WHERE contype = 'f';
