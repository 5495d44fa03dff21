-- Why: a worker who lost a case a short while ago may still hand in a note about it: the visit took place. They see nothing of the case
-- any more, so what the office must know to take the note is told by functions that answer for the worker's own former cases only.

-- Until when the worker who asks could see a scope; null where they never could, or still can.
create function held_until(p_scope_id uuid) returns timestamptz
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select case when bool_and(expires_at <= now()) then max(expires_at) end
        from visible_scopes
        where agency_id = app_agency() and worker_id = app_worker() and scope_id = p_scope_id
    $$;

-- The bare fact of each former case: no name, no risk, no alert.
create function former_cases(p_case_ids uuid[]) returns table (case_id uuid, scope_id uuid, ended_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select c.case_id, c.scope_id, held_until(c.scope_id)
        from cases c
        where c.agency_id = app_agency() and c.case_id = any (p_case_ids) and held_until(c.scope_id) is not null
    $$;

-- The client was reached, whoever holds the case now.
create function move_last_contact_late(p_case_id uuid, p_day date) returns bigint
    language sql security definer set search_path = public, pg_temp
    as $$
        with moved as (
            update cases set last_contact_on = greatest(last_contact_on, p_day)
            where agency_id = app_agency() and case_id = p_case_id and held_until(scope_id) is not null
            returning 1
        )
        select count(*) from moved
    $$;

revoke all on function held_until(uuid), former_cases(uuid[]), move_last_contact_late(uuid, date) from public;
grant execute on function held_until(uuid), former_cases(uuid[]), move_last_contact_late(uuid, date) to doorstep_app;

-- How long is the rulebook's to say (sync::office::LATE_GRACE_DAYS); that the note is marked late, is checked here.
create policy late on notes for insert to doorstep_app
    with check (late_after_reassignment and agency_id = app_agency() and held_until(scope_id) is not null);
