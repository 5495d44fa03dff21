-- Why: who sees a case follows from who works on it. The grants are written in the transaction of the assignment itself, also when
-- somebody reassigns a case from an SQL console. A grant that ends is kept with its end, because late notes are judged by it.

create function grant_scope(p_agency_id uuid, p_worker_id uuid, p_scope_id uuid, p_reason text) returns void
    language sql security definer set search_path = public, pg_temp
    as $$
        insert into visible_scopes (agency_id, worker_id, scope_id, reason)
        values (p_agency_id, p_worker_id, p_scope_id, p_reason)
        on conflict (agency_id, worker_id, scope_id, reason) do update set expires_at = null
    $$;

-- Every worker of an agency sees its reference scope: the names of colleagues.
create function open_agency() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    insert into scopes (agency_id, scope_id, kind) values (new.agency_id, gen_random_uuid(), 'agency-reference');
    return null;
end
$$;
create trigger open_reference_scope after insert on agencies for each row execute function open_agency();

create function grant_case() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if tg_op = 'UPDATE' then
        if new.primary_worker_id = old.primary_worker_id then
            return null;
        end if;
        update visible_scopes set expires_at = now()
        where agency_id = old.agency_id and worker_id = old.primary_worker_id and scope_id = old.scope_id
            and reason = 'primary-worker' and expires_at is null;
    else
        perform grant_scope(agency_id, worker_id, new.scope_id, 'supervisor')
        from workers
        where agency_id = new.agency_id and role = 'supervisor' and active;
    end if;
    perform grant_scope(new.agency_id, new.primary_worker_id, new.scope_id, 'primary-worker');
    return null;
end
$$;
create trigger grant_new_case after insert on cases for each row execute function grant_case();
create trigger grant_assigned_case after update of primary_worker_id on cases for each row execute function grant_case();

create function grant_worker() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if not new.active then
        update visible_scopes set expires_at = now()
        where agency_id = new.agency_id and worker_id = new.worker_id and (expires_at is null or expires_at > now());
        return null;
    end if;
    perform grant_scope(agency_id, new.worker_id, scope_id, 'agency')
    from scopes
    where agency_id = new.agency_id and kind = 'agency-reference';
    perform grant_scope(agency_id, new.worker_id, scope_id, 'primary-worker')
    from cases
    where agency_id = new.agency_id and primary_worker_id = new.worker_id;
    if new.role = 'supervisor' then
        perform grant_scope(agency_id, new.worker_id, scope_id, 'supervisor')
        from scopes
        where agency_id = new.agency_id and kind = 'case-general';
    else
        update visible_scopes set expires_at = now()
        where agency_id = new.agency_id and worker_id = new.worker_id and reason = 'supervisor' and expires_at is null;
    end if;
    return null;
end
$$;
create trigger grant_new_worker after insert on workers for each row execute function grant_worker();
create trigger grant_changed_worker after update of role, active on workers for each row execute function grant_worker();

revoke all on function grant_scope(uuid, uuid, uuid, text) from public;
