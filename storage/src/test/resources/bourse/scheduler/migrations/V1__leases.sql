create table lease (worker text primary key, task text not null);
