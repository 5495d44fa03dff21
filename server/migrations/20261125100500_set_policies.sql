-- Why: how long a device may be without contact and when it locks is the agency's to say (domain::DevicePolicy); and a device proves with
-- keys of its own, while it is locked, who wrote what it hands in.

create table device_policies (
    agency_id uuid primary key references agencies,
    offline_storage boolean not null default true,
    lease_hours smallint not null default 72 check (lease_hours between 1 and 720),
    restricted_lease_hours smallint not null default 24 check (restricted_lease_hours between 1 and 720),
    lock_after_idle_min smallint not null default 5 check (lock_after_idle_min between 1 and 60),
    lock_after_hidden_s smallint not null default 60 check (lock_after_hidden_s between 0 and 3600)
);
alter table device_policies enable row level security;
alter table device_policies force row level security;
create policy owner_all on device_policies to current_user using (true) with check (true);
create policy own_agency on device_policies for select to doorstep_app using (agency_id = app_agency());
grant select on device_policies to doorstep_app;

create function set_usual_policy() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    insert into device_policies (agency_id) values (new.agency_id);
    return null;
end
$$;
create trigger set_usual_policy after insert on agencies for each row execute function set_usual_policy();
insert into device_policies (agency_id) select agency_id from agencies;

alter table devices
    add column label text not null default '', -- what a person knows it by
    add column author_key bytea, -- SubjectPublicKeyInfo (RFC 5480), ECDSA over P-256
    add column device_key bytea;
