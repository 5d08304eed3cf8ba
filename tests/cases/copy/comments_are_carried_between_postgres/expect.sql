SELECT obj_description('a'::regclass), col_description('a'::regclass, 2) = E'two\nlines';
