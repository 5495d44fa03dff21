-- Why: what differs in who may see it, or in how long a device may keep it, is a scope of its own. Each case gets a second one for its
-- restricted notes; each worker one that only they see; each agency one for what its supervisors decide.

alter table scopes drop constraint scopes_kind_check;
alter table scopes add constraint scopes_kind_check
    check (kind in ('case-general', 'case-restricted', 'agency-reference', 'agency-supervision', 'user-private'));
create unique index scopes_supervision_key on scopes (agency_id) where kind = 'agency-supervision';
-- For the records of cases, which name both.
alter table scopes add constraint scopes_case_key unique (agency_id, case_id, scope_id);

alter table cases add column restricted_scope_id uuid;
do $$
declare
    agency uuid;
begin
    for agency in select agency_id from agencies loop
        perform set_config('app.agency_id', agency::text, true);
        with made as (
            insert into scopes (agency_id, scope_id, kind, case_id)
            select agency_id, gen_random_uuid(), 'case-restricted', case_id from cases
            returning agency_id, scope_id, case_id
        )
        update cases c set restricted_scope_id = m.scope_id from made m where m.agency_id = c.agency_id and m.case_id = c.case_id;
        insert into visible_scopes (agency_id, worker_id, scope_id, reason, granted_at, expires_at)
        select v.agency_id, v.worker_id, c.restricted_scope_id, v.reason, v.granted_at, v.expires_at
        from visible_scopes v
        join cases c on c.agency_id = v.agency_id and c.scope_id = v.scope_id;
    end loop;
    perform set_config('app.agency_id', '', true);
end
$$;
alter table cases alter column restricted_scope_id set not null;
alter table cases add constraint cases_restricted_scope_key unique (agency_id, restricted_scope_id);
alter table cases add foreign key (agency_id, restricted_scope_id) references scopes;
drop trigger keep_scope on cases;
create or replace function refuse_new_scope() returns trigger language plpgsql
    as $$
begin
    if new.scope_id <> old.scope_id or new.restricted_scope_id <> old.restricted_scope_id then
        raise exception 'a record stays in the scope of its case';
    end if;
    return new;
end
$$;
create trigger keep_scope before update of scope_id, restricted_scope_id on cases for each row execute function refuse_new_scope();

create or replace function open_agency() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    insert into scopes (agency_id, scope_id, kind)
    values (new.agency_id, gen_random_uuid(), 'agency-reference'), (new.agency_id, gen_random_uuid(), 'agency-supervision');
    insert into role_permissions (agency_id, role, permission) select new.agency_id, role, permission from usual_permissions();
    return null;
end
$$;

create function role_may(p_agency_id uuid, p_role text, p_permission text) returns boolean
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select exists (select from role_permissions where agency_id = p_agency_id and role = p_role and permission = p_permission)
    $$;
revoke all on function role_may(uuid, text, text) from public;

create or replace function grant_case() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if tg_op = 'UPDATE' then
        if new.primary_worker_id = old.primary_worker_id then
            return null;
        end if;
        update visible_scopes set expires_at = now()
        where agency_id = old.agency_id and worker_id = old.primary_worker_id and scope_id in (old.scope_id, old.restricted_scope_id)
            and reason = 'primary-worker' and expires_at is null;
    else
        perform grant_scope(agency_id, worker_id, s.scope_id, 'supervisor')
        from workers
        cross join (values (new.scope_id), (new.restricted_scope_id)) as s (scope_id)
        where agency_id = new.agency_id and active and role_may(agency_id, role, 'see-all-cases');
    end if;
    perform grant_scope(new.agency_id, new.primary_worker_id, new.scope_id, 'primary-worker');
    perform grant_scope(new.agency_id, new.primary_worker_id, new.restricted_scope_id, 'primary-worker');
    return null;
end
$$;

-- Grants a worker everything that follows from their role and their cases, and ends what followed from another role.
create function grant_all(p_worker workers) returns void language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if not p_worker.active then
        update visible_scopes set expires_at = now()
        where agency_id = p_worker.agency_id and worker_id = p_worker.worker_id and (expires_at is null or expires_at > now());
        return;
    end if;
    perform grant_scope(agency_id, p_worker.worker_id, scope_id, 'agency')
    from scopes
    where agency_id = p_worker.agency_id and kind = 'agency-reference';
    perform grant_scope(p_worker.agency_id, p_worker.worker_id, s.scope_id, 'primary-worker')
    from cases c
    cross join lateral (values (c.scope_id), (c.restricted_scope_id)) as s (scope_id)
    where c.agency_id = p_worker.agency_id and c.primary_worker_id = p_worker.worker_id;
    update visible_scopes v set expires_at = now()
    from scopes s
    where v.agency_id = p_worker.agency_id and v.worker_id = p_worker.worker_id and v.reason = 'supervisor' and v.expires_at is null
        and s.agency_id = v.agency_id and s.scope_id = v.scope_id
        and not role_may(v.agency_id, p_worker.role, case s.kind when 'agency-supervision' then 'decide-reviews' else 'see-all-cases' end);
    if role_may(p_worker.agency_id, p_worker.role, 'see-all-cases') then
        perform grant_scope(agency_id, p_worker.worker_id, scope_id, 'supervisor')
        from scopes
        where agency_id = p_worker.agency_id and kind in ('case-general', 'case-restricted');
    end if;
    if role_may(p_worker.agency_id, p_worker.role, 'decide-reviews') then
        perform grant_scope(agency_id, p_worker.worker_id, scope_id, 'supervisor')
        from scopes
        where agency_id = p_worker.agency_id and kind = 'agency-supervision';
    end if;
end
$$;
revoke all on function grant_all(workers) from public;

-- A worker's own scope bears the worker's own id, so that a device knows it before its first contact.
create or replace function grant_worker() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if tg_op = 'INSERT' then
        insert into scopes (agency_id, scope_id, kind, worker_id) values (new.agency_id, new.worker_id, 'user-private', new.worker_id);
        perform grant_scope(new.agency_id, new.worker_id, new.worker_id, 'private');
    end if;
    perform grant_all(new);
    return null;
end
$$;

-- A role that gains or loses a permission: everybody who has it sees more or less from then on.
create function grant_role() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform grant_all(w)
    from workers w
    where (w.agency_id, w.role) in (select agency_id, role from changed);
    return null;
end
$$;
create trigger grant_given after insert on role_permissions referencing new table as changed for each statement execute function grant_role();
create trigger grant_taken after delete on role_permissions referencing old table as changed for each statement execute function grant_role();

do $$
declare
    agency uuid;
begin
    for agency in select agency_id from agencies loop
        perform set_config('app.agency_id', agency::text, true);
        insert into scopes (agency_id, scope_id, kind) values (agency, gen_random_uuid(), 'agency-supervision');
        insert into scopes (agency_id, scope_id, kind, worker_id)
            select agency_id, worker_id, 'user-private', worker_id from workers where agency_id = agency;
        perform grant_scope(agency_id, worker_id, worker_id, 'private') from workers where agency_id = agency;
        perform grant_all(w) from workers w where agency_id = agency;
    end loop;
    perform set_config('app.agency_id', '', true);
end
$$;

-- A note about a former case may belong into its restricted compartment.
drop function former_cases(uuid[]);
create function former_cases(p_case_ids uuid[]) returns table (case_id uuid, scope_id uuid, restricted_scope_id uuid, ended_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select c.case_id, c.scope_id, c.restricted_scope_id, held_until(c.scope_id)
        from cases c
        where c.agency_id = app_agency() and c.case_id = any (p_case_ids) and held_until(c.scope_id) is not null
    $$;
revoke all on function former_cases(uuid[]) from public;
grant execute on function former_cases(uuid[]) to doorstep_app;

-- Whoever lost a scope a moment ago is told to look, too: that is how a device learns at once what it has to forget.
create or replace function watchers(p_agency_ids uuid[], p_scope_ids uuid[]) returns table (worker_id uuid)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select distinct v.worker_id
        from visible_scopes v
        where (v.agency_id, v.scope_id) in (select * from unnest(p_agency_ids, p_scope_ids))
            and (v.expires_at is null or v.expires_at > now() - interval '1 minute')
    $$;
