-- How many checks workers have passed with each app, older ones counting less.
create table shown (
    worker text             not null,
    app    text             not null,
    passed double precision not null,
    at     timestamptz      not null default clock_timestamp(),
    primary key (worker, app)
);
create index shown_at on shown (at);
