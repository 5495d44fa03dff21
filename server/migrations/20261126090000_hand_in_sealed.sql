-- Why: a device that is locked, expired or revoked hands in what it sealed to this server, beside its line: without a number, and without
-- a session. When the device is open again it pushes the same with its number, which is written down then.

alter table mutations alter column seq drop not null;
grant update (device_id, seq) on mutations to doorstep_app;
create function refuse_new_place() returns trigger language plpgsql
    as $$
begin
    raise exception 'a mutation keeps its place in the line of its device';
end
$$;
create trigger keep_place before update of device_id, seq on mutations for each row when (old.seq is not null) execute function refuse_new_place();

-- Asked before anybody knows who asks, for one exact id: whose device it is, and the keys that prove what it hands in.
create function devices_of_id(p_device_id uuid)
    returns table (
        agency_id uuid, worker_id uuid, role text, permissions text[], is_trusted boolean, author_key bytea, device_key bytea
    )
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select d.agency_id, d.worker_id, w.role, permissions_of(w.agency_id, w.role), d.status = 'active' and w.active, d.author_key, d.device_key
        from devices d
        join workers w using (agency_id, worker_id)
        where d.device_id = p_device_id and d.author_key is not null and d.device_key is not null
    $$;
revoke all on function devices_of_id(uuid) from public;
grant execute on function devices_of_id(uuid) to doorstep_app;
