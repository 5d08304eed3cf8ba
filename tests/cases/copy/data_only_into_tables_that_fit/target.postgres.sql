CREATE TABLE a (doc jsonb, more text DEFAULT 'filled', small bigint, id bigint PRIMARY KEY, sum bigint GENERATED ALWAYS AS (small * 2) STORED);
CREATE TABLE b (id bigint PRIMARY KEY, a bigint NOT NULL REFERENCES a (id));
