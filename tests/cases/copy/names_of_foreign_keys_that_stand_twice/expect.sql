SELECT table_name, constraint_name FROM information_schema.referential_constraints WHERE constraint_schema = database() ORDER BY 1;
SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = database() ORDER BY 1;
