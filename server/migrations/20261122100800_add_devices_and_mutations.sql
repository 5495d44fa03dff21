-- Why: what a device sent is answered the same for ever. The log row of a mutation commits together with its effect, or with its whole
-- text in quarantine: the server never says "received" without holding one of the two.

create table devices (
    agency_id uuid not null,
    device_id uuid not null, -- made by the device
    worker_id uuid not null,
    enrolled boolean not null, -- keeps a sealed caseload on disk
    app_build text not null,
    last_seq bigint not null default 0, -- the last mutation taken from it
    safe_seq bigint not null default 0, -- up to here, the loss of this server would lose nothing
    status text not null default 'active' check (status in ('active', 'revoked')),
    registered_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    primary key (agency_id, device_id),
    foreign key (agency_id, worker_id) references workers,
    constraint devices_safe_within check (safe_seq <= last_seq)
) with (fillfactor = 50);
create index devices_behind_idx on devices (agency_id) where last_seq > safe_seq;

-- A mid belongs to the worker who made it; that of another worker is another mutation.
create table mutations (
    agency_id uuid not null,
    worker_id uuid not null,
    mid uuid not null,
    device_id uuid not null,
    seq bigint not null,
    body_hash bytea not null, -- SHA-256 over type, version and body
    status text not null,
    result jsonb not null, -- the receipt as it was sent
    received_at timestamptz not null,
    primary key (agency_id, worker_id, mid),
    constraint mutations_device_seq_key unique (agency_id, device_id, seq),
    foreign key (agency_id, device_id) references devices
);

create table quarantine (
    agency_id uuid not null,
    quarantine_id bigint generated always as identity,
    worker_id uuid not null,
    device_id uuid not null,
    seq bigint not null,
    mid uuid not null,
    claimed_scope_id uuid not null, -- as the device said; it may not exist
    entity_id uuid not null, -- the record it would have made or changed: what needs that record waits with it
    code text not null, -- why it was not applied
    mutation text not null, -- the whole mutation as it came, byte for byte its body
    received_at timestamptz not null,
    resolved_by uuid,
    resolved_at timestamptz,
    resolution text,
    primary key (agency_id, quarantine_id),
    constraint quarantine_device_seq_key unique (agency_id, device_id, seq),
    foreign key (agency_id, worker_id) references workers,
    foreign key (agency_id, device_id) references devices
);
create index quarantine_entity_idx on quarantine (agency_id, worker_id, entity_id);

create table audit_events (
    agency_id uuid not null,
    event_id bigint generated always as identity,
    occurred_at timestamptz not null default now(),
    worker_id uuid not null,
    device_id uuid,
    action text not null, -- the command's name, or sync.pull, session.start …
    kind text, -- of the record
    entity_id uuid,
    result text not null, -- applied, quarantined, read, denied …
    code text,
    primary key (agency_id, event_id)
);

do $$
declare
    guarded text;
begin
    foreach guarded in array array['devices', 'mutations', 'quarantine', 'audit_events'] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
    end loop;
    -- Each worker sees and writes what is their own.
    foreach guarded in array array['devices', 'mutations', 'quarantine'] loop
        execute format($policy$
            create policy own on %I to doorstep_app
                using (agency_id = app_agency() and worker_id = app_worker())
                with check (agency_id = app_agency() and worker_id = app_worker())
        $policy$, guarded);
    end loop;
    foreach guarded in array array['mutations', 'quarantine', 'audit_events'] loop
        execute format('create policy owner_of_agency on %I to current_user using (agency_id = app_agency()) with check (agency_id = app_agency())', guarded);
    end loop;
end
$$;
create policy owner_all on devices to current_user using (true) with check (true);
create policy supervised on quarantine for select to doorstep_app using (agency_id = app_agency() and app_role() = 'supervisor');
create policy own on audit_events for insert to doorstep_app with check (agency_id = app_agency() and worker_id = app_worker());

grant select, insert, update on devices to doorstep_app;
grant select, insert on mutations, quarantine to doorstep_app;
grant insert on audit_events to doorstep_app;

create function refuse_change() returns trigger language plpgsql
    as $$
begin
    raise exception 'the audit trail is only ever added to';
end
$$;
create trigger only_added_to before update or delete or truncate on audit_events for each statement execute function refuse_change();
