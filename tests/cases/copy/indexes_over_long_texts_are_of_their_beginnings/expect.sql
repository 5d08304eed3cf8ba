SELECT index_name, sub_part FROM information_schema.statistics WHERE table_schema = database() AND table_name = 'x' AND index_name <> 'PRIMARY';
