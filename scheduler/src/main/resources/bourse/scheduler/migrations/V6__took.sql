-- When a worker was asked; of older rows only the beginning of their phase is known.
alter table replicate add column begun timestamptz not null default clock_timestamp();
update replicate set begun = since;

-- How long workers take for tasks of an app, from being asked to their vote on the chain.
create table took (
    worker   text             not null,
    app      text             not null,
    category bigint           not null,
    seconds  double precision not null, -- a mean, of which the older counts less
    times    int              not null, -- how many it is a mean of, up to a bound
    at       timestamptz      not null, -- when it was measured last
    primary key (worker, app, category)
);

create index took_at on took (at);
