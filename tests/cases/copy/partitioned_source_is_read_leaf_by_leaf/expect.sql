SELECT count(*), count(DISTINCT id), sum(y), min(t), max(t) FROM p;
