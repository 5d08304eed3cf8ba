SELECT count(*), min(id), max(id) FROM a;
SELECT count(*) FROM k;
