-- Why: whoever loses a device, and who manages devices, reports it as lost: its sessions end, and at its next contact it is told to hand in
-- what is unsent and to remove everything. It says so when it has; until then the order stands.

alter table devices
    add column lost_at timestamptz, -- reported as lost; from then on it is to be wiped
    add column lost_by uuid,
    add column wiped_at timestamptz, -- it said that it has removed everything
    add constraint devices_lost_by_somebody check ((lost_at is null) = (lost_by is null)),
    add constraint devices_wiped_when_lost check (wiped_at is null or lost_at is not null);

-- What the office's role may change of a device itself; a report is for the functions below.
revoke update on devices from doorstep_app;
grant update (enrolled, app_build, label, author_key, device_key, last_seq, last_seen_at) on devices to doorstep_app;

-- The enrolled devices of whoever asks, or of a worker whom they manage.
create function devices_of(p_worker_id uuid)
    returns table (
        device_id uuid, label text, registered_at timestamptz, last_seen_at timestamptz, is_revoked boolean, lost_at timestamptz,
        wiped_at timestamptz
    )
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select d.device_id, d.label, d.registered_at, d.last_seen_at, d.status = 'revoked', d.lost_at, d.wiped_at
        from devices d
        where d.agency_id = app_agency() and d.worker_id = p_worker_id and d.enrolled
            and (p_worker_id = app_worker() or app_may('manage-devices'))
        order by d.last_seen_at desc, d.device_id
    $$;

-- Whose device it is; nothing where it may not be seen.
create function device_owner(p_device_id uuid) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select d.worker_id from devices d
        where d.agency_id = app_agency() and d.device_id = p_device_id and (d.worker_id = app_worker() or app_may('manage-devices'))
    $$;

-- Ends the device's sessions and orders it to be wiped. Doing it again changes nothing. False where there is no such device.
create function report_lost(p_device_id uuid) returns boolean
    language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if device_owner(p_device_id) is null then
        return false;
    end if;
    update devices set lost_at = now(), lost_by = app_worker()
    where agency_id = app_agency() and device_id = p_device_id and lost_at is null;
    update sessions set ended_at = now(), ended_by = app_worker()
    where agency_id = app_agency() and device_id = p_device_id and ended_at is null;
    return true;
end
$$;

-- The device of whoever asks says that it has removed everything: from now on it is refused. False where nobody ordered it.
create function confirm_wipe(p_device_id uuid) returns boolean
    language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    update devices set wiped_at = coalesce(wiped_at, now()), status = 'revoked'
    where agency_id = app_agency() and worker_id = app_worker() and device_id = p_device_id and lost_at is not null;
    if not found then
        return false;
    end if;
    update sessions set ended_at = now(), ended_by = app_worker()
    where agency_id = app_agency() and device_id = p_device_id and ended_at is null;
    return true;
end
$$;

revoke all on function devices_of(uuid), device_owner(uuid), report_lost(uuid), confirm_wipe(uuid) from public;
grant execute on function devices_of(uuid), device_owner(uuid), report_lost(uuid), confirm_wipe(uuid) to doorstep_app;
