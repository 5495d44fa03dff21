-- Why: what every request runs should be planned once for each connection, not once for each call. A function in SQL that runs with its
-- owner's rights is planned anew at each call, one in PL/pgSQL is not; and given arrays of one element, PostgreSQL would think that
-- planning for exactly one element pays. Measured with one note a push: most of the time in the database went into planning.

alter function bump_scopes(uuid[], uuid[], text, uuid[], boolean) set plan_cache_mode = force_generic_plan;

create or replace function lock_scopes(p_scope_ids uuid[]) returns void
    language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform from scopes
        where agency_id = app_agency() and scope_id = any (p_scope_ids)
        order by scope_id
        for no key update;
end
$$;

create or replace function session_of_token(p_token_hash bytea)
    returns table (
        agency_id uuid, worker_id uuid, role text, name text, agency_name text, device_id uuid,
        created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz
    )
    language plpgsql stable security definer set search_path = public, pg_temp
    as $$
begin
    return query
        select s.agency_id, s.worker_id, w.role, w.name, a.name, s.device_id, s.created_at, s.last_seen_at, s.expires_at
        from sessions s
        join workers w on w.agency_id = s.agency_id and w.worker_id = s.worker_id
        join agencies a on a.agency_id = s.agency_id
        where s.token_hash = p_token_hash and s.ended_at is null and s.expires_at > now() and w.active;
end
$$;
