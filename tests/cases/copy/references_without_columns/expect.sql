SELECT count(*) FROM c;
SELECT count(*) FROM d;
