SELECT id, t FROM x.a;
SELECT id, a FROM x.b;
SELECT conrelid::regclass, confrelid::regclass FROM pg_constraint WHERE contype = 'f';
SELECT to_regnamespace('dbo');
