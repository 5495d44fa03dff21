-- Why: workers keep clients' details up to date, and supervisors hand cases over. The office's role may write those columns now, where
-- the case is visible; who may do which is the rulebook's to say.

do $$
declare
    guarded text;
begin
    foreach guarded in array array['persons', 'person_phones', 'person_addresses', 'related_persons'] loop
        execute format($policy$
            create policy changed on %1$I to doorstep_app
                using (agency_id = app_agency() and exists (
                    select from cases c where c.agency_id = %1$I.agency_id and c.person_id = %1$I.person_id))
                with check (agency_id = app_agency() and exists (
                    select from cases c where c.agency_id = %1$I.agency_id and c.person_id = %1$I.person_id))
        $policy$, guarded);
    end loop;
end
$$;
grant update (given_name, family_name, preferred_name, language, interpreter_needed) on persons to doorstep_app;
grant insert, delete on person_phones, person_addresses, related_persons, case_alerts to doorstep_app;
grant update (risk_level, risk_reason, risk_since, primary_worker_id) on cases to doorstep_app;
grant update (owner_id) on tasks to doorstep_app;
grant update (worker_id) on visits to doorstep_app;

-- Who gave which case to whom, and why.
create table hand_overs (
    agency_id uuid not null,
    hand_over_id bigint generated always as identity,
    case_id uuid not null,
    scope_id uuid not null,
    from_worker_id uuid not null,
    to_worker_id uuid not null,
    by_worker_id uuid not null,
    reason text not null,
    decided_at timestamptz not null, -- by the device's clock
    received_at timestamptz not null,
    primary key (agency_id, hand_over_id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, from_worker_id) references workers,
    foreign key (agency_id, to_worker_id) references workers,
    foreign key (agency_id, by_worker_id) references workers
);
create index hand_overs_case_idx on hand_overs (agency_id, case_id);
alter table hand_overs enable row level security;
alter table hand_overs force row level security;
create policy owner_of_agency on hand_overs to current_user using (agency_id = app_agency()) with check (agency_id = app_agency());
create policy visible on hand_overs to doorstep_app
    using (agency_id = app_agency() and (
        select true from visible_scopes v
        where v.agency_id = hand_overs.agency_id and v.worker_id = app_worker() and v.scope_id = hand_overs.scope_id limit 1))
    with check (agency_id = app_agency() and by_worker_id = app_worker());
grant select, insert on hand_overs to doorstep_app;
