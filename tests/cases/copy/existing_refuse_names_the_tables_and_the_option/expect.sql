SELECT 'a', id, t FROM a UNION ALL SELECT 'b', id, t FROM b ORDER BY 1, 2;
