SELECT doc, m, tags, big FROM a;
SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name;
SELECT count(*) FROM sqlite_schema WHERE name = 'a' AND sql LIKE '%100%';
