SELECT id, n FROM whole ORDER BY id;
SELECT t FROM nul ORDER BY k;
SELECT a, b, d FROM precise ORDER BY b;
SELECT m::text FROM moment ORDER BY id;
SELECT * FROM yes;
SELECT doc::text FROM deep ORDER BY id;
SELECT t FROM bytes ORDER BY id;
