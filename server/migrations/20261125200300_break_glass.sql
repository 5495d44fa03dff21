-- Why: in an emergency a worker opens a case that is not theirs: with a reason, for a limited time, seen by their supervisors at once and
-- judged by one of them afterwards. The grant is one more reason in visible_scopes, so sync brings the case and forgets it by itself.

create table break_glass (
    agency_id uuid not null,
    break_glass_id uuid not null default gen_random_uuid(),
    worker_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null,
    reason text not null check (length(reason) between 10 and 1000),
    opened_at timestamptz not null default now(),
    expires_at timestamptz not null,
    reviewed_by uuid,
    reviewed_at timestamptz,
    justified boolean,
    remark text check (length(remark) <= 1000),
    primary key (agency_id, break_glass_id),
    foreign key (agency_id, worker_id) references workers,
    foreign key (agency_id, case_id, scope_id) references cases (agency_id, case_id, scope_id),
    constraint break_glass_reviewed check ((reviewed_by is null) = (reviewed_at is null) and (reviewed_by is null) = (justified is null))
);
create index break_glass_open_idx on break_glass (agency_id, opened_at) where reviewed_at is null;

-- What somebody should look at: ids only, the words are the page's.
create table notices (
    agency_id uuid not null,
    notice_id uuid not null default gen_random_uuid(),
    worker_id uuid not null, -- whom it is for
    kind text not null check (kind in ('break-glass')),
    about uuid not null, -- for break-glass: its id
    created_at timestamptz not null default now(),
    seen_at timestamptz,
    primary key (agency_id, notice_id),
    foreign key (agency_id, worker_id) references workers
);
create index notices_worker_idx on notices (agency_id, worker_id, created_at);

do $$
declare
    guarded text;
begin
    foreach guarded in array array['break_glass', 'notices'] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format('create policy owner_of_agency on %I to current_user using (agency_id = app_agency()) with check (agency_id = app_agency())', guarded);
    end loop;
end
$$;
create policy own_or_reviewed on break_glass for select to doorstep_app
    using (agency_id = app_agency() and (worker_id = app_worker() or app_may('review-break-glass')));
grant select on break_glass to doorstep_app;
create policy own on notices to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker())
    with check (agency_id = app_agency() and worker_id = app_worker());
grant select, update (seen_at) on notices to doorstep_app;

-- Opens a case of the agency for whoever asks, and tells every other supervisor. No row where there is no such case.
create function open_break_glass(p_case_id uuid, p_reason text)
    returns table (break_glass_id uuid, scope_id uuid, expires_at timestamptz)
    language plpgsql security definer set search_path = public, pg_temp
    as $$
#variable_conflict use_column
declare
    v_scope_id uuid := (select c.scope_id from cases c where c.agency_id = app_agency() and c.case_id = p_case_id);
    v_until timestamptz := now() + (select make_interval(hours => p.break_glass_hours) from security_policies p where p.agency_id = app_agency());
    v_id uuid;
begin
    if not app_may('break-glass') then
        raise insufficient_privilege using message = 'this role does not break glass';
    end if;
    if v_scope_id is null then
        return;
    end if;
    insert into break_glass (agency_id, worker_id, case_id, scope_id, reason, expires_at)
    values (app_agency(), app_worker(), p_case_id, v_scope_id, p_reason, v_until)
    returning break_glass_id into v_id;
    insert into visible_scopes (agency_id, worker_id, scope_id, reason, expires_at)
    values (app_agency(), app_worker(), v_scope_id, 'break-glass', v_until)
    on conflict (agency_id, worker_id, scope_id, reason) do update set granted_at = now(), expires_at = excluded.expires_at;
    insert into notices (agency_id, worker_id, kind, about)
    select w.agency_id, w.worker_id, 'break-glass', v_id
    from workers w
    where w.agency_id = app_agency() and role_may(w.agency_id, w.role, 'review-break-glass') and w.active and w.worker_id <> app_worker();
    return query select v_id, v_scope_id, v_until;
end
$$;

-- A supervisor's judgement of what another worker opened, once. What was not justified ends at once. False where there is nothing to judge.
create function review_break_glass(p_break_glass_id uuid, p_justified boolean, p_remark text) returns boolean
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    reviewed break_glass;
begin
    if not app_may('review-break-glass') then
        raise insufficient_privilege using message = 'this role reviews no break-glass';
    end if;
    update break_glass set reviewed_by = app_worker(), reviewed_at = now(), justified = p_justified, remark = p_remark
    where agency_id = app_agency() and break_glass_id = p_break_glass_id and reviewed_at is null and worker_id <> app_worker()
    returning * into reviewed;
    if reviewed.break_glass_id is null then
        return false;
    end if;
    if not p_justified then
        update break_glass set expires_at = least(expires_at, now())
        where agency_id = app_agency() and break_glass_id = p_break_glass_id;
        update visible_scopes set expires_at = least(expires_at, now())
        where agency_id = app_agency() and worker_id = reviewed.worker_id and scope_id = reviewed.scope_id and reason = 'break-glass';
    end if;
    return true;
end
$$;

revoke all on function open_break_glass(uuid, text), review_break_glass(uuid, boolean, text) from public;
grant execute on function open_break_glass(uuid, text), review_break_glass(uuid, boolean, text) to doorstep_app;
