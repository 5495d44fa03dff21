-- Why: what is read on a device without asking the server reaches the audit trail too, when the device tells of it.

alter table audit_events add column told_at timestamptz; -- when it happened by the clock of the device that tells of it

-- Which reports were taken: a device that did not hear the answer tells again, and nothing is written twice.
create table read_reports (
    agency_id uuid not null,
    worker_id uuid not null,
    report_id uuid not null, -- made by the device
    taken_at timestamptz not null default now(),
    primary key (agency_id, worker_id, report_id),
    foreign key (agency_id, worker_id) references workers
);

alter table read_reports enable row level security;
alter table read_reports force row level security;
create policy owner_of_agency on read_reports to current_user using (agency_id = app_agency()) with check (agency_id = app_agency());
create policy own on read_reports to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker())
    with check (agency_id = app_agency() and worker_id = app_worker());
grant select, insert on read_reports to doorstep_app;
