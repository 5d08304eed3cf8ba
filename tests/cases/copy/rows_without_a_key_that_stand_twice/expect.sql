SELECT a, t, count(*) FROM d GROUP BY a, t ORDER BY coalesce(a, 9), coalesce(t, 'z');
