-- Why: whoever can write to this database can also rewrite what it says about the past. A chain of keyed hashes over the audit trail, whose
-- key is not in the database, makes that visible: each event is sealed together with all that came before it. One worker seals afterwards,
-- so writers never wait for each other; it reads in the order of transactions, below the oldest one that still runs, and so misses none.

alter table audit_events
    add column xid xid8 not null default pg_current_xact_id(), -- the transaction that wrote it
    add column entity_ids uuid[]; -- where one reading was of several records: all of them

-- The sealer reads in this order, and it costs no index more than before.
alter table audit_events drop constraint audit_events_pkey, add primary key (agency_id, xid, event_id);

create table audit_seals (
    agency_id uuid not null,
    position bigint not null, -- from 1, without a gap
    xid xid8 not null, -- with event_id: the event that is sealed here
    event_id bigint not null,
    seal bytea not null, -- HMAC-SHA-256 over the seal before, the position and the event
    sealed_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, position),
    constraint audit_seals_event_key unique (agency_id, event_id)
);

-- Where the chain of an agency ends. Its lock makes sure that one worker at a time seals.
create table audit_heads (
    agency_id uuid primary key references agencies,
    position bigint not null default 0,
    seal bytea not null default decode(repeat('00', 32), 'hex'),
    settled_xid xid8 not null default '0', -- every event of an earlier transaction is sealed …
    cluster_id bigint -- … as this cluster counts transactions; another one begins anew
);

do $$
declare
    guarded text;
begin
    foreach guarded in array array['audit_seals', 'audit_heads'] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format('create policy owner_of_agency on %I to current_user using (agency_id = app_agency()) with check (agency_id = app_agency())', guarded);
    end loop;
end
$$;
-- Nothing here is for the role that requests run as.

create trigger only_added_to before update or delete or truncate on audit_seals for each statement execute function refuse_change();

create function open_audit() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    acting_for text := current_setting('app.agency_id', true);
begin
    perform set_config('app.agency_id', new.agency_id::text, true);
    insert into audit_heads (agency_id) values (new.agency_id);
    perform set_config('app.agency_id', coalesce(acting_for, ''), true);
    return null;
end
$$;
create trigger open_audit after insert on agencies for each row execute function open_audit();

do $$
declare
    agency record;
begin
    for agency in select agency_id from agencies loop
        perform set_config('app.agency_id', agency.agency_id::text, true);
        insert into audit_heads (agency_id) values (agency.agency_id);
    end loop;
    perform set_config('app.agency_id', '', true);
end
$$;
