-- Who was asked to work on what. What the chain knows of a task (its state, its votes) is not repeated here.
create table replicate (
    task          text        not null,
    worker        text        not null,
    weight        bigint      not null, -- of his vote when he was asked
    phase         text        not null, -- ASSIGNED, FETCHING, COMPUTING, CONTRIBUTED, DELIVERED, GAVE_UP
    since         timestamptz not null, -- when the phase began
    lease         timestamptz not null, -- until when the pool counts on him
    cause         text,                 -- GAVE_UP: PROGRAM or WORKER
    message       text        not null default '',
    cid           text,                 -- DELIVERED: where the result is
    callback_data text,                 -- DELIVERED: what the callback is told
    primary key (task, worker)
);

create index replicate_of_worker on replicate (worker) where phase in ('ASSIGNED', 'FETCHING', 'COMPUTING');

-- Every deal of the pool up to this block is finished. To lose it costs time, not truth: the chain is read from its start.
create table landmark (
    workerpool text   primary key,
    block      bigint not null,
    hash       text   not null
);
