-- Why: a receipt becomes "safe" when the change it stands for has left this server: a standby has flushed its log position, or the
-- segment that holds it was archived. The job that watches this acts for no worker, so it asks through functions that tell only counters.

create function devices_behind() returns table (agency_id uuid, worker_id uuid, device_id uuid, last_seq bigint)
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select agency_id, worker_id, device_id, last_seq from devices where last_seq > safe_seq
    $$;

create function mark_safe(p_agency_ids uuid[], p_device_ids uuid[], p_seqs bigint[]) returns bigint
    language sql security definer set search_path = public, pg_temp
    as $$
        with marked as (
            update devices d set safe_seq = s.seq
            from unnest(p_agency_ids, p_device_ids, p_seqs) as s (agency_id, device_id, seq)
            where d.agency_id = s.agency_id and d.device_id = s.device_id and d.safe_seq < s.seq and s.seq <= d.last_seq
            returning 1
        )
        select count(*) from marked
    $$;

-- The log position that would survive the loss of this server; null where nothing is copied anywhere.
-- Reading pg_stat_replication in full takes membership in pg_read_all_stats: without it only archiving counts.
create function surviving_lsn() returns pg_lsn
    language sql volatile security definer set search_path = public, pg_temp
    as $$
        select greatest(
            (select max(flush_lsn) from pg_stat_replication where state = 'streaming'),
            (select case when last_archived_wal ~ '^[0-9A-F]{24}$' then
                    '0/0'::pg_lsn
                    -- The end of the segment: its number plus one, times its size.
                    + (('x' || substr(last_archived_wal, 9, 8))::bit(32)::bigint::numeric * 4294967296)
                    + ((('x' || substr(last_archived_wal, 17, 8))::bit(32)::bigint + 1)::numeric * pg_size_bytes(current_setting('wal_segment_size')))
                end
             from pg_stat_archiver)
        )
    $$;

revoke all on function devices_behind(), mark_safe(uuid[], uuid[], bigint[]), surviving_lsn() from public;
grant execute on function devices_behind(), mark_safe(uuid[], uuid[], bigint[]), surviving_lsn() to doorstep_app;
