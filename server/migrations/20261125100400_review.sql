-- Why: what could not be filed, and what contradicts something else, waits for a person: both values, author and time. It is a record like
-- others, so that supervisors have it on their devices and authors learn what became of their words. Nothing here is ever deleted.

create table reviews (
    agency_id uuid not null,
    review_id uuid not null default gen_random_uuid(),
    scope_id uuid not null, -- the agency's supervision; the author's own scope has it too
    worker_id uuid not null, -- the author
    device_id uuid not null,
    seq bigint, -- in the device's line; absent where it was handed in sealed
    mid uuid not null,
    place smallint not null default 0, -- 0 for a whole mutation; from 1 for what one mutation contradicts
    claimed_scope_id uuid not null, -- as the device said; it may not exist
    case_id uuid, -- as the author named it; it may not exist
    entity_id uuid not null, -- the record that it would have made or changed: what needs that record waits with it
    code text, -- why it was not applied; absent for a contradiction
    contradiction jsonb, -- domain::Contradiction
    mutation text not null, -- the whole mutation as it came, byte for byte its body
    recorded_at timestamptz not null, -- by the device's clock
    recorded_offset_min smallint not null,
    received_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    decided_offset_min smallint,
    outcome text check (outcome in ('file', 'keep')),
    reason text,
    primary key (agency_id, review_id),
    constraint reviews_device_seq_key unique (agency_id, device_id, seq, place),
    foreign key (agency_id, scope_id) references scopes,
    foreign key (agency_id, worker_id) references workers,
    foreign key (agency_id, device_id) references devices,
    foreign key (agency_id, decided_by) references workers,
    constraint reviews_one_matter check ((code is null) <> (contradiction is null)),
    constraint reviews_decided_whole check (
        (decided_by is null) = (decided_at is null) and (decided_by is null) = (outcome is null) and (decided_by is null) = (reason is null)
        and (decided_by is null) = (decided_offset_min is null))
);
create index reviews_entity_idx on reviews (agency_id, worker_id, entity_id);

create function number_reviews() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform bump_scopes(array_agg(c.agency_id), array_agg(s.scope_id), 'review', array_agg(c.review_id), tg_op = 'DELETE')
    from changed c
    cross join lateral (values (c.scope_id), (c.worker_id)) as s (scope_id);
    return null;
end
$$;
create trigger number_inserts after insert on reviews referencing new table as changed for each statement execute function number_reviews();
create trigger number_updates after update on reviews referencing new table as changed old table as former for each statement execute function number_reviews();
create trigger number_deletes after delete on reviews referencing old table as changed for each statement execute function number_reviews();

alter table reviews enable row level security;
alter table reviews force row level security;
create policy owner_of_agency on reviews to current_user using (agency_id = app_agency()) with check (agency_id = app_agency());
create policy own on reviews for select to doorstep_app using (agency_id = app_agency() and worker_id = app_worker());
create policy kept on reviews for insert to doorstep_app with check (agency_id = app_agency() and worker_id = app_worker());
create policy supervised on reviews to doorstep_app
    using (agency_id = app_agency() and (
        select true from visible_scopes v
        where v.agency_id = reviews.agency_id and v.worker_id = app_worker() and v.scope_id = reviews.scope_id
        limit 1))
    with check (agency_id = app_agency() and (
        select true from visible_scopes v
        where v.agency_id = reviews.agency_id and v.worker_id = app_worker() and v.scope_id = reviews.scope_id
        limit 1));
grant select, insert on reviews to doorstep_app;
grant update (decided_by, decided_at, decided_offset_min, outcome, reason) on reviews to doorstep_app;

-- A worker sees no scope but their own and their cases'; where a review belongs must be told to everybody.
create function supervision_scope() returns uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select scope_id from scopes where agency_id = app_agency() and kind = 'agency-supervision'
    $$;
revoke all on function supervision_scope() from public;
grant execute on function supervision_scope() to doorstep_app;

do $$
declare
    agency uuid;
begin
    for agency in select agency_id from agencies loop
        perform set_config('app.agency_id', agency::text, true);
        insert into reviews (agency_id, scope_id, worker_id, device_id, seq, mid, claimed_scope_id, case_id, entity_id, code, mutation,
            recorded_at, recorded_offset_min, received_at)
        select q.agency_id, supervision_scope(), q.worker_id, q.device_id, q.seq, q.mid, q.claimed_scope_id,
            case when q.mutation::jsonb -> 'body' ->> 'case_id' ~ '^[0-9a-f-]{36}$' then (q.mutation::jsonb -> 'body' ->> 'case_id')::uuid end,
            q.entity_id, q.code, q.mutation, q.received_at, 0, q.received_at
        from quarantine q
        order by q.quarantine_id;
    end loop;
    perform set_config('app.agency_id', '', true);
end
$$;
drop table quarantine;
