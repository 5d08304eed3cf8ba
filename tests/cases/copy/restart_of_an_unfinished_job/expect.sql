SELECT id, n FROM good ORDER BY id;
SELECT id, n FROM bad ORDER BY id;
SELECT count(*) FROM rowferry.run;
