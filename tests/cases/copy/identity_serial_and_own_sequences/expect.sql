SELECT id FROM i WHERE t = 'new' UNION ALL SELECT id FROM s WHERE t = 'new' UNION ALL SELECT id FROM q WHERE t = 'new' UNION ALL SELECT id FROM never;
SELECT attidentity FROM pg_attribute WHERE attrelid = 'i'::regclass AND attname = 'id';
