-- Why: after a commit, the devices of everybody who sees a touched scope are told to look. The office asks for no worker then, so the
-- question goes through a function that tells ids only.

create function watchers(p_agency_ids uuid[], p_scope_ids uuid[]) returns table (worker_id uuid)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select distinct v.worker_id
        from visible_scopes v
        where (v.agency_id, v.scope_id) in (select * from unnest(p_agency_ids, p_scope_ids))
            and (v.expires_at is null or v.expires_at > now())
    $$;

revoke all on function watchers(uuid[], uuid[]) from public;
grant execute on function watchers(uuid[], uuid[]) to doorstep_app;
