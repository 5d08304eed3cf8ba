SELECT column_name, column_default FROM information_schema.columns WHERE table_schema = database() AND table_name = 't' AND column_default <> 'NULL' ORDER BY 1;
