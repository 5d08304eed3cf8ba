SELECT id, b, c FROM g;
