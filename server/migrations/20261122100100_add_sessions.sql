-- Why: a session is a row, so that it can be listed, ended by an administrator and bound to a device. Only the hash of its token is kept.

create table sessions (
    agency_id uuid not null,
    token_hash bytea not null, -- SHA-256 of the cookie's value
    worker_id uuid not null,
    device_id uuid, -- the enrolled device it was opened on, if any
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null, -- ends then whatever happens
    ended_at timestamptz, -- signed out or ended by somebody
    primary key (agency_id, token_hash),
    constraint sessions_token_hash_key unique (token_hash),
    foreign key (agency_id, worker_id) references workers
);
create index sessions_worker_idx on sessions (agency_id, worker_id);

alter table sessions enable row level security;
alter table sessions force row level security;
create policy owner_all on sessions to current_user using (true) with check (true);
create policy own_sessions on sessions to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker())
    with check (agency_id = app_agency() and worker_id = app_worker());
grant select, insert, update on sessions to doorstep_app;

-- Tries to sign in, for limits per account and per network address. Both are kept as keyed hashes, never as written.
create table sign_in_attempts (
    attempt_id bigint generated always as identity primary key,
    account_hash bytea not null,
    address_hash bytea not null,
    succeeded boolean not null,
    attempted_at timestamptz not null default now()
);
create index sign_in_attempts_account_idx on sign_in_attempts (account_hash, attempted_at);
create index sign_in_attempts_address_idx on sign_in_attempts (address_hash, attempted_at);
grant select, insert, delete on sign_in_attempts to doorstep_app;

-- The two questions that are asked before anybody knows who asks. Each answers for one exact key and lists nothing.
create function sign_in_account(p_email text)
    returns table (agency_id uuid, worker_id uuid, password_hash text, role text, name text, agency_name text)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select w.agency_id, w.worker_id, w.password_hash, w.role, w.name, a.name
        from workers w
        join agencies a using (agency_id)
        where w.email = lower(p_email) and w.active
    $$;

create function session_of_token(p_token_hash bytea)
    returns table (
        agency_id uuid, worker_id uuid, role text, name text, agency_name text, device_id uuid,
        created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz
    )
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select s.agency_id, s.worker_id, w.role, w.name, a.name, s.device_id, s.created_at, s.last_seen_at, s.expires_at
        from sessions s
        join workers w using (agency_id, worker_id)
        join agencies a using (agency_id)
        where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > now() and w.active
    $$;

revoke all on function sign_in_account(text), session_of_token(bytea) from public;
grant execute on function sign_in_account(text), session_of_token(bytea) to doorstep_app;
