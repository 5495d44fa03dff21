-- Why: people see where they are signed in and end it, administrators do so for a worker of their agency, and how long a session lasts is
-- the agency's to say. A session also knows when its worker last proved who they are, which some acts ask for anew.

create table security_policies (
    agency_id uuid primary key references agencies,
    idle_min integer not null default 30 check (idle_min between 1 and 720), -- a session ends so long after the last request
    absolute_hours integer not null default 12 check (absolute_hours between 1 and 24), -- and so long after it began
    second_factor_roles text[] not null default '{}', -- must have more than a password … (none until an agency says so)
    second_factor_grace_days integer not null default 14 check (second_factor_grace_days between 0 and 90), -- … after so many days
    break_glass_hours integer not null default 24 check (break_glass_hours between 1 and 24) -- how long a case stays open in an emergency
);
alter table security_policies enable row level security;
alter table security_policies force row level security;
create policy owner_all on security_policies to current_user using (true) with check (true);
create policy own_agency on security_policies for select to doorstep_app using (agency_id = app_agency());
grant select on security_policies to doorstep_app;

insert into security_policies (agency_id) select agency_id from agencies;
create function open_security_policy() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    insert into security_policies (agency_id) values (new.agency_id);
    return null;
end
$$;
create trigger open_security_policy after insert on agencies for each row execute function open_security_policy();

alter table sessions
    add column session_id uuid not null default gen_random_uuid(), -- its name, which is no secret; the token's hash changes
    add column label text not null default '', -- the browser and its system, in words: "Firefox on Windows"
    add column proved_at timestamptz not null default now(), -- when the worker last showed a password or a passkey
    add column second_factor boolean not null default false, -- and whether that was more than a password
    add column ended_by uuid, -- the worker who ended it
    add constraint sessions_session_id_key unique (agency_id, session_id);

-- Whether the role of whoever asks has a permission; the office asks the same before.
create function app_may(p_permission text) returns boolean
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select role_may(app_agency(), app_role(), p_permission)
    $$;
revoke all on function app_may(text) from public;
grant execute on function app_may(text) to doorstep_app;

create policy seen_by_managers on sessions for select to doorstep_app using (agency_id = app_agency() and app_may('manage-devices'));
create policy ended_by_managers on sessions for update to doorstep_app
    using (agency_id = app_agency() and app_may('manage-devices'))
    with check (agency_id = app_agency() and ended_at is not null and ended_by = app_worker());
-- Whose session it is and when it began stays as it was.
revoke update on sessions from doorstep_app;
grant update (token_hash, device_id, last_seen_at, expires_at, ended_at, ended_by, proved_at, second_factor) on sessions to doorstep_app;

drop function session_of_token(bytea);
create function session_of_token(p_token_hash bytea)
    returns table (
        agency_id uuid, worker_id uuid, role text, permissions text[], name text, agency_name text, session_id uuid, device_id uuid,
        is_dozing boolean, is_fresh boolean
    )
    language plpgsql stable security definer set search_path = public, pg_temp
    as $$
begin
    return query
        select s.agency_id, s.worker_id, w.role,
            array(select r.permission from role_permissions r where r.agency_id = w.agency_id and r.role = w.role),
            w.name, a.name, s.session_id, s.device_id,
            s.last_seen_at < now() - interval '1 minute', s.proved_at > now() - interval '5 minutes'
        from sessions s
        join workers w on w.agency_id = s.agency_id and w.worker_id = s.worker_id
        join agencies a on a.agency_id = s.agency_id
        join security_policies p on p.agency_id = s.agency_id
        where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > now() and w.active
            and s.last_seen_at > now() - make_interval(mins => p.idle_min);
end
$$;

-- The secret of whoever asks, to be checked once more; nobody else's.
create function own_account() returns table (email text, password_hash text)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select w.email, w.password_hash from workers w where w.agency_id = app_agency() and w.worker_id = app_worker() and w.active
    $$;

revoke all on function session_of_token(bytea), own_account() from public;
grant execute on function session_of_token(bytea), own_account() to doorstep_app;
