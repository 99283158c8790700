create table result (task text primary key);
