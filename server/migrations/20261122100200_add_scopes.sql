-- Why: records are seen, synced and forgotten together in scopes. A scope's head is one counter in one narrow row: its row lock makes
-- numbers gap-free and ordered by commit, which no sequence and no timestamp does. Who may see a scope is written down, not computed.

create table scopes (
    agency_id uuid not null references agencies,
    scope_id uuid not null,
    kind text not null check (kind in ('case-general', 'agency-reference', 'user-private')),
    case_id uuid, -- for case-general
    worker_id uuid, -- for user-private
    epoch integer not null default 1, -- raised when everybody must read the scope again from the start
    head bigint not null default 0, -- number of the latest change
    floor bigint not null default 0, -- what deletions before this were, is forgotten: older devices read again from the start
    primary key (agency_id, scope_id)
) with (fillfactor = 50); -- the head changes often: leave room to do it on the same page

create unique index scopes_reference_key on scopes (agency_id) where kind = 'agency-reference';

-- The latest change of each record in each scope that holds it: one row a record, never a log.
create table sync_entries (
    agency_id uuid not null,
    scope_id uuid not null,
    kind text not null,
    entity_id uuid not null,
    seq bigint not null,
    deleted boolean not null default false,
    primary key (agency_id, scope_id, kind, entity_id),
    constraint sync_entries_seq_key unique (agency_id, scope_id, seq),
    foreign key (agency_id, scope_id) references scopes
);

-- Who may see what now, and why. One row a reason, so that losing one reason does not take away another.
create table visible_scopes (
    agency_id uuid not null,
    worker_id uuid not null,
    scope_id uuid not null,
    reason text not null check (reason in ('primary-worker', 'supervisor', 'agency', 'private', 'break-glass')),
    granted_at timestamptz not null default now(),
    expires_at timestamptz, -- a grant that ended stays a while: late notes are judged by it
    primary key (agency_id, worker_id, scope_id, reason),
    foreign key (agency_id, worker_id) references workers,
    foreign key (agency_id, scope_id) references scopes
);
create index visible_scopes_scope_idx on visible_scopes (agency_id, scope_id);

do $$
declare
    guarded text;
begin
    foreach guarded in array array['scopes', 'sync_entries', 'visible_scopes'] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format('create policy owner_of_agency on %I to current_user using (agency_id = app_agency()) with check (agency_id = app_agency())', guarded);
        execute format('grant select on %I to doorstep_app', guarded);
    end loop;
end
$$;

create policy own_grants on visible_scopes for select to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker() and (expires_at is null or expires_at > now()));

create policy visible on scopes for select to doorstep_app
    using (agency_id = app_agency() and exists (
        select from visible_scopes v
        where v.agency_id = scopes.agency_id and v.worker_id = app_worker() and v.scope_id = scopes.scope_id
    ));

create policy visible on sync_entries for select to doorstep_app
    using (agency_id = app_agency() and exists (
        select from visible_scopes v
        where v.agency_id = sync_entries.agency_id and v.worker_id = app_worker() and v.scope_id = sync_entries.scope_id
    ));
