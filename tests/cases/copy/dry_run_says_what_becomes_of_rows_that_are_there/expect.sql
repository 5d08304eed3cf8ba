SELECT id, t FROM a;
