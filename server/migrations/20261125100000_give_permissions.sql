-- Why: what a role may do is the agency's to say. The rulebook asks for permissions (domain::Permission), never for a role.

create table role_permissions (
    agency_id uuid not null references agencies,
    role text not null check (role in ('case-manager', 'supervisor', 'administrator')),
    permission text not null, -- code of domain::Permission
    primary key (agency_id, role, permission)
);

-- What an agency begins with; the same as domain::Permissions::usual, which a test compares.
create function usual_permissions() returns table (role text, permission text)
    language sql immutable parallel safe
    as $$
        values
            ('case-manager', 'write-in-cases'), ('case-manager', 'break-glass'),
            ('supervisor', 'write-in-cases'), ('supervisor', 'hand-over-cases'), ('supervisor', 'decide-reviews'),
            ('supervisor', 'see-all-cases'), ('supervisor', 'manage-devices'), ('supervisor', 'break-glass'),
            ('supervisor', 'review-break-glass'),
            ('administrator', 'manage-devices'), ('administrator', 'read-audit'), ('administrator', 'manage-agency')
    $$;

insert into role_permissions (agency_id, role, permission)
    select agency_id, role, permission from agencies cross join usual_permissions();

-- With their agencies they come and go: see open_agency() in the next migration.
alter table role_permissions enable row level security;
alter table role_permissions force row level security;
create policy owner_all on role_permissions to current_user using (true) with check (true);
create policy own_agency on role_permissions for select to doorstep_app using (agency_id = app_agency());
grant select on role_permissions to doorstep_app;

create function permissions_of(p_agency_id uuid, p_role text) returns text[]
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select coalesce(array_agg(permission), '{}') from role_permissions where agency_id = p_agency_id and role = p_role
    $$;

-- The two questions that are asked before anybody knows who asks now tell also what the worker may do.
drop function sign_in_account(text);
create function sign_in_account(p_email text)
    returns table (agency_id uuid, worker_id uuid, password_hash text, role text, permissions text[], name text, agency_name text)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select w.agency_id, w.worker_id, w.password_hash, w.role, permissions_of(w.agency_id, w.role), w.name, a.name
        from workers w
        join agencies a using (agency_id)
        where w.email = lower(p_email) and w.active
    $$;

drop function session_of_token(bytea);
create function session_of_token(p_token_hash bytea)
    returns table (
        agency_id uuid, worker_id uuid, role text, permissions text[], name text, agency_name text, device_id uuid,
        created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz
    )
    language plpgsql stable security definer set search_path = public, pg_temp
    as $$
begin
    return query
        select s.agency_id, s.worker_id, w.role,
            array(select p.permission from role_permissions p where p.agency_id = w.agency_id and p.role = w.role),
            w.name, a.name, s.device_id, s.created_at, s.last_seen_at, s.expires_at
        from sessions s
        join workers w on w.agency_id = s.agency_id and w.worker_id = s.worker_id
        join agencies a on a.agency_id = s.agency_id
        where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > now() and w.active;
end
$$;

revoke all on function permissions_of(uuid, text), sign_in_account(text), session_of_token(bytea) from public;
grant execute on function sign_in_account(text), session_of_token(bytea) to doorstep_app;
