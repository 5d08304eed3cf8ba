SELECT id, n FROM fine;
SELECT count(*) FROM rowferry.run;
SELECT count(*) FROM rowferry.page;
