SELECT id, v FROM m;
