SELECT nextval('t_id_seq'), nextval('i_id_seq');
