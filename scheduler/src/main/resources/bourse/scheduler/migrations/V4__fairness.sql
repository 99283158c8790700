-- Who has had how much of the pool.
create table used (
    requester text             primary key,
    amount    double precision not null, -- core-seconds, less what was forgotten until then
    at        timestamptz      not null
);
