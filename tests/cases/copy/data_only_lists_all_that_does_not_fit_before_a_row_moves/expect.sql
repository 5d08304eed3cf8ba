SELECT (SELECT count(*) FROM missing), (SELECT count(*) FROM extra);
