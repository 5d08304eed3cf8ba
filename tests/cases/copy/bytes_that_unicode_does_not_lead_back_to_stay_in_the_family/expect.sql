SELECT HEX(v) FROM c;
SELECT v FROM ok;
SELECT e + 0, f + 0 FROM outside ORDER BY id;
