-- Why: a device that was reported as lost has no session any more, and a locked one has none either: what it hands in sealed is answered with
-- what it has to do. One that proves itself with its own key hears whether it is to be wiped, and whether it may keep anything at all.

drop function devices_of_id(uuid);
create function devices_of_id(p_device_id uuid)
    returns table (
        agency_id uuid, worker_id uuid, role text, permissions text[], is_trusted boolean, author_key bytea, device_key bytea, is_lost boolean,
        offline_storage boolean
    )
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select d.agency_id, d.worker_id, w.role, permissions_of(w.agency_id, w.role), d.status = 'active' and w.active, d.author_key, d.device_key,
            d.lost_at is not null, p.offline_storage
        from devices d
        join workers w using (agency_id, worker_id)
        join device_policies p using (agency_id)
        where d.device_id = p_device_id and d.author_key is not null and d.device_key is not null
    $$;
revoke all on function devices_of_id(uuid) from public;
grant execute on function devices_of_id(uuid) to doorstep_app;
