SELECT conname, confdeltype, convalidated FROM pg_constraint WHERE contype = 'f';
