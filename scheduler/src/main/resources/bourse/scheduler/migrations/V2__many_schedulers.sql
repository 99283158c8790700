-- Several schedulers share these tables: each row says who wrote it last, and when.
alter table replicate
    add column app       text        not null default '0x0000000000000000000000000000000000000000',
    add column scheduler text        not null default '',
    add column changed   timestamptz not null default clock_timestamp();

create index replicate_changed on replicate (changed);

update replicate set cause = case cause when 'PROGRAM' then 'PROGRAM_FAILED' else 'WORKER_BROKEN' end where cause is not null;

-- Locked while workers are chosen for a task.
create table task (
    task  text        primary key,
    since timestamptz not null default clock_timestamp()
);

-- Who was heard of, by any scheduler.
create table member (
    worker text        primary key,
    slots  int         not null default 0,
    heard  timestamptz not null
);

create index member_heard on member (heard);

-- Who leads: it alone sends transactions.
create table leader (
    workerpool text        primary key,
    scheduler  text        not null,
    until      timestamptz not null
);

-- Workers that fail often are not asked for some time.
create table avoided (
    worker text        not null,
    app    text        not null,
    times  int         not null,
    until  timestamptz not null,
    primary key (worker, app)
);

-- Whom the pool believes how much.
create table reputation (
    worker text             primary key,
    passed double precision not null,
    caught boolean          not null
);

-- What programs printed.
create table log (
    task   text        not null,
    worker text        not null,
    at     timestamptz not null,
    stdout text        not null,
    stderr text        not null,
    primary key (task, worker)
);

create index log_at on log (at);
