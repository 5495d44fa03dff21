-- Why: the office runs as a role that owns nothing, so that row-level security holds for every statement it sends, and each
-- request says in its transaction for which worker of which agency it acts. Agencies and workers come first: all else hangs on them.

do $$
begin
    create role doorstep_app nologin noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
exception when duplicate_object or unique_violation then
    null; -- Roles belong to the cluster: another database of it made this one before.
end
$$;

do $$
begin
    if not pg_has_role(current_user, 'doorstep_app', 'member') then
        execute format('grant doorstep_app to %I', current_user);
    end if;
end
$$;

grant usage on schema public to doorstep_app;

-- For whom the current transaction acts. Outside such a transaction the setting is absent or empty: nobody, and so no rows.
create function app_agency() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.agency_id', true), '')::uuid;

create function app_worker() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.worker_id', true), '')::uuid;

create function app_role() returns text
    language sql stable parallel safe
    return nullif(current_setting('app.role', true), '');

-- One life of this database. A restore from a backup adds a row, so devices notice that the office went back in time.
create table incarnations (
    incarnation_id uuid primary key default gen_random_uuid(),
    since timestamptz not null default clock_timestamp()
);
insert into incarnations default values;
grant select on incarnations to doorstep_app;

create table agencies (
    agency_id uuid primary key,
    name text not null,
    created_at timestamptz not null default now()
);

create table workers (
    agency_id uuid not null references agencies,
    worker_id uuid not null,
    email text not null,
    password_hash text not null, -- Argon2id, PHC string
    name text not null,
    role text not null check (role in ('case-manager', 'supervisor', 'administrator')),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (agency_id, worker_id),
    constraint workers_email_key unique (email),
    constraint workers_email_lower check (email = lower(email))
);

-- The owner (migrations, import, the console) works on one agency at a time, when it says on which. The exceptions are the tables
-- that must be read before anybody knows who asks: agencies, workers, sessions and devices.
alter table agencies enable row level security;
alter table agencies force row level security;
create policy owner_all on agencies to current_user using (true) with check (true);
create policy own_agency on agencies for select to doorstep_app using (agency_id = app_agency());
grant select on agencies to doorstep_app;

alter table workers enable row level security;
alter table workers force row level security;
create policy owner_all on workers to current_user using (true) with check (true);
create policy own_agency on workers for select to doorstep_app using (agency_id = app_agency());
-- No password hash and no address: those go through sign_in_account() only.
grant select (agency_id, worker_id, name, role, active) on workers to doorstep_app;
