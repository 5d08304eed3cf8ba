SELECT id, t FROM "New A";
SELECT id, a FROM a ORDER BY id;
