-- Why: a worker may let a device remind them that something is due, while the app is closed (RFC 8030, Push API). What is sent says
-- nothing: no name, no number, not even text. When to look again stands here, so that of several servers one looks, once.

-- The next morning or evening at a place, by its own clock.
create function next_reminder(p_time_zone text) returns timestamptz
    language sql stable set search_path = public, pg_temp
    as $$
        select min(moment) from (
            select ((now() at time zone p_time_zone)::date + days + hour) at time zone p_time_zone as moment
            from unnest(array[0, 1]) days, unnest(array[time '07:30', time '16:30']) hour
        ) moments
        where moment > now()
    $$;

create table reminders (
    agency_id uuid not null,
    worker_id uuid not null,
    device_id uuid not null,
    endpoint text not null check (length(endpoint) between 1 and 2000), -- the address that the browser's push service gave the device
    time_zone text not null, -- IANA, as the device has it
    next_at timestamptz not null, -- when to look again whether there is something to say
    primary key (agency_id, device_id),
    foreign key (agency_id, worker_id) references workers,
    foreign key (agency_id, device_id) references devices
);
create index reminders_next_idx on reminders (next_at);
alter table reminders enable row level security;
alter table reminders force row level security;
create policy owner_all on reminders to current_user using (true) with check (true);
create policy own on reminders to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker())
    with check (agency_id = app_agency() and worker_id = app_worker());
grant select, insert, delete on reminders to doorstep_app;
grant update (worker_id, endpoint, time_zone, next_at) on reminders to doorstep_app;
