SELECT id, half, loose FROM a;
SELECT indexname FROM pg_indexes WHERE tablename = 'a' ORDER BY 1;
SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = 'a'::regclass;
