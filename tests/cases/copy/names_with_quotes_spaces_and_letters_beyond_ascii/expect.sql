SELECT * FROM "order ""of"" things";
SELECT "Ref", "Größe" FROM "Ünï'çø.dé 漢";
SELECT "Id" FROM "Case";
