CREATE TYPE level AS ENUM ('hi', 'lo');
