-- Why: a passkey is two factors in one and can't be told to anybody by mistake. A worker may have several and loses one now and then, so each
-- is a row that can be revoked. An agency says for which roles a password alone is not enough.

create table passkeys (
    agency_id uuid not null,
    passkey_id uuid not null default gen_random_uuid(),
    worker_id uuid not null,
    credential_id bytea not null, -- as the authenticator names it
    credential text not null, -- public key and counter, as JSON of webauthn-rs
    name text not null check (length(name) between 1 and 100), -- what its owner calls it
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid,
    primary key (agency_id, passkey_id),
    constraint passkeys_credential_key unique (credential_id),
    foreign key (agency_id, worker_id) references workers
);
create index passkeys_worker_idx on passkeys (agency_id, worker_id);
alter table passkeys enable row level security;
alter table passkeys force row level security;
create policy owner_all on passkeys to current_user using (true) with check (true);
create policy own on passkeys to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker())
    with check (agency_id = app_agency() and worker_id = app_worker());
create policy seen_by_managers on passkeys for select to doorstep_app using (agency_id = app_agency() and app_may('manage-devices'));
create policy revoked_by_managers on passkeys for update to doorstep_app
    using (agency_id = app_agency() and app_may('manage-devices'))
    with check (agency_id = app_agency() and revoked_at is not null and revoked_by = app_worker());
grant select, insert, update (credential, last_used_at, revoked_at, revoked_by) on passkeys to doorstep_app;

-- A challenge that was given out and waits for its answer, for five minutes; taken away by the answer, so it is good for one.
create table passkey_ceremonies (
    ceremony_id uuid primary key,
    state text not null, -- what the answer is held against; nothing of anybody
    expires_at timestamptz not null default now() + interval '5 minutes'
);
create index passkey_ceremonies_expires_idx on passkey_ceremonies (expires_at);
grant select, insert, delete on passkey_ceremonies to doorstep_app;

-- Asked before anybody knows who asks, for one exact credential.
create function passkey_of_credential(p_credential_id bytea)
    returns table (agency_id uuid, worker_id uuid, role text, permissions text[], passkey_id uuid, credential text)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select w.agency_id, w.worker_id, w.role, permissions_of(w.agency_id, w.role), p.passkey_id, p.credential
        from passkeys p
        join workers w using (agency_id, worker_id)
        where p.credential_id = p_credential_id and p.revoked_at is null and w.active
    $$;

drop function session_of_token(bytea);
create function session_of_token(p_token_hash bytea)
    returns table (
        agency_id uuid, worker_id uuid, role text, permissions text[], name text, agency_name text, session_id uuid, device_id uuid,
        is_dozing boolean, is_fresh boolean, second_factor boolean, needs_second_factor boolean
    )
    language plpgsql stable security definer set search_path = public, pg_temp
    as $$
begin
    return query
        select s.agency_id, s.worker_id, w.role,
            array(select r.permission from role_permissions r where r.agency_id = w.agency_id and r.role = w.role),
            w.name, a.name, s.session_id, s.device_id,
            s.last_seen_at < now() - interval '1 minute', s.proved_at > now() - interval '5 minutes', s.second_factor,
            not s.second_factor and w.role = any (p.second_factor_roles)
                and w.created_at < now() - make_interval(days => p.second_factor_grace_days)
        from sessions s
        join workers w on w.agency_id = s.agency_id and w.worker_id = s.worker_id
        join agencies a on a.agency_id = s.agency_id
        join security_policies p on p.agency_id = s.agency_id
        where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > now() and w.active
            and s.last_seen_at > now() - make_interval(mins => p.idle_min);
end
$$;

revoke all on function session_of_token(bytea), passkey_of_credential(bytea) from public;
grant execute on function session_of_token(bytea), passkey_of_credential(bytea) to doorstep_app;
