SELECT word, fine FROM kept ORDER BY id;
