-- The pool's own checks: deals whose one task's result it knows.
create table answer (
    deal   text        primary key,
    digest text        not null,
    since  timestamptz not null default clock_timestamp()
);
