-- Orders that were published. Of what the chain knows, only what one order needs stands here, and is read again when the chain
-- tells of a change: what is left, whether its signer still owns the asset, whether who pays for it has the money.
create table listed (
    hash          bytea       primary key,
    seq           bigint      generated always as identity unique,
    kind          text        not null, -- APP, DATASET, WORKERPOOL, REQUEST
    asset         bytea       not null, -- whose order it is: the app, dataset or workerpool; of a request, the requester
    signer        bytea       not null, -- who owned the asset when it was published
    payer         bytea       not null, -- whose free money one task takes
    need          numeric     not null, -- how much, in nRLC
    app           bytea       not null, -- the asset, or whom the order is restricted to; likewise the next three
    dataset       bytea       not null,
    workerpool    bytea       not null,
    requester     bytea       not null,
    everyone      boolean     not null, -- whether it is restricted to nobody
    price         numeric     not null, -- in nRLC; of a request, the most that it pays the pool
    volume        bigint      not null,
    tag           bit(256)    not null,
    category      bigint      not null, -- -1 where there is none
    trust         bigint      not null, -- 0 where there is none
    trust_class   smallint    not null, -- its logarithm to base 2
    salt          bytea       not null,
    signature     bytea       not null,
    app_price     numeric     not null, -- the next five are a request's, and zero or empty elsewhere
    dataset_price numeric     not null,
    beneficiary   bytea       not null,
    callback      bytea       not null,
    params        text        not null,
    published     timestamptz not null,
    changed       timestamptz not null,
    remaining     bigint      not null,
    owned         boolean     not null default true,
    funded        boolean     not null default true,
    open          boolean     generated always as (remaining > 0 and owned and funded) stored
);

create index listed_pools on listed (category, trust_class, price, seq) include (trust, tag)
    where kind = 'WORKERPOOL' and open and everyone;
create index listed_requests on listed (category, trust_class, price desc, seq) include (trust, tag)
    where kind = 'REQUEST' and open and everyone;
create index listed_price on listed (kind, category, trust_class, price, seq) where open;
create index listed_asset on listed (kind, asset, price, seq) where open;
create index listed_of_asset on listed (asset);
create index listed_of_signer on listed (signer, kind, seq);
create index listed_of_payer on listed (payer, need) where need > 0;
create index listed_closed on listed (changed) where not open;

-- What each block spoke of, so that it is read again should the block not stand. Orders stay: who publishes one that was never
-- matched nor closed need not ask the chain what is left of it.
create table spoken_of (
    subject bytea  not null, -- an order's hash, or an address
    kind    text   not null, -- ORDER, ASSET, ACCOUNT
    block   bigint not null,
    primary key (subject, kind, block)
);

create index spoken_of_block on spoken_of (block) include (kind);

create table deal (
    id              bytea       primary key,
    position        bigint      generated always as identity,
    block           bigint      not null,
    at              timestamptz not null,
    app             bytea       not null,
    app_owner       bytea       not null,
    app_price       numeric     not null,
    dataset         bytea       not null,
    dataset_owner   bytea       not null,
    dataset_price   numeric     not null,
    workerpool      bytea       not null,
    pool_owner      bytea       not null,
    pool_price      numeric     not null,
    requester       bytea       not null,
    beneficiary     bytea       not null,
    callback        bytea       not null,
    sponsor         bytea       not null,
    category        bigint      not null,
    trust           bigint      not null,
    tag             bytea       not null,
    params          text        not null,
    first           bigint      not null,
    volume          bigint      not null,
    worker_stake    numeric     not null,
    scheduler_ratio int         not null,
    app_order       bytea       not null,
    dataset_order   bytea       not null,
    pool_order      bytea       not null,
    request_order   bytea       not null
);

create index deal_block on deal (block);
create index deal_requester on deal (requester, position);
create index deal_app on deal (app, position);
create index deal_dataset on deal (dataset, position);
create index deal_workerpool on deal (workerpool, position);
create index deal_app_order on deal (app_order);
create index deal_dataset_order on deal (dataset_order);
create index deal_pool_order on deal (pool_order);
create index deal_request_order on deal (request_order);
create index deal_category on deal (category, at, position) include (pool_price, volume);

-- The chain is read up to here.
create table cursor (
    one   boolean primary key default true check (one),
    block bigint  not null,
    hash  bytea   not null
);
