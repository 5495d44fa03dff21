-- Why: a worker reads and writes in the scopes that are visible to them and nowhere else, whatever a query forgets to ask for.
-- The office's role may write only what commands change; persons, cases and goals come from imports and the owner.

do $$
declare
    guarded text;
begin
    foreach guarded in array array[
        'persons', 'person_phones', 'person_addresses', 'related_persons',
        'cases', 'case_alerts', 'goals', 'notes', 'note_goals', 'visits', 'tasks'
    ] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format('create policy owner_of_agency on %I to current_user using (agency_id = app_agency()) with check (agency_id = app_agency())', guarded);
        execute format('grant select on %I to doorstep_app', guarded);
    end loop;
    foreach guarded in array array['cases', 'case_alerts', 'goals', 'notes', 'note_goals', 'visits', 'tasks'] loop
        execute format($policy$
            create policy visible on %1$I to doorstep_app
                using (agency_id = app_agency() and exists (
                    select from visible_scopes v
                    where v.agency_id = %1$I.agency_id and v.worker_id = app_worker() and v.scope_id = %1$I.scope_id))
                with check (agency_id = app_agency() and exists (
                    select from visible_scopes v
                    where v.agency_id = %1$I.agency_id and v.worker_id = app_worker() and v.scope_id = %1$I.scope_id))
        $policy$, guarded);
    end loop;
    -- A person and what belongs to them is visible where one of their cases is.
    foreach guarded in array array['persons', 'person_phones', 'person_addresses', 'related_persons'] loop
        execute format($policy$
            create policy visible on %1$I for select to doorstep_app
                using (agency_id = app_agency() and exists (
                    select from cases c where c.agency_id = %1$I.agency_id and c.person_id = %1$I.person_id))
        $policy$, guarded);
    end loop;
end
$$;

grant insert on notes, note_goals, visits to doorstep_app;
grant update (last_contact_on) on cases to doorstep_app;
grant update (achievement, moved_by, moved_at, moved_offset_min) on goals to doorstep_app;
grant update (ended_by_note) on visits to doorstep_app;
grant update (done_at, done_offset_min, done_by, done_in_note) on tasks to doorstep_app;
