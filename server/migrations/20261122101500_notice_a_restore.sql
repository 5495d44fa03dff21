-- Why: a device must notice at its next contact that the office went back in time, also where nobody remembered to say so. PostgreSQL
-- knows: going through a back-up or promoting a standby begins a new timeline, and a dump is read into another database or cluster.
-- Each new connection of the office asks, and nothing that was connected before a restore is connected after it.

alter table incarnations
    add column cluster_id bigint, -- pg_control_system().system_identifier; absent until the first connection
    add column timeline_id integer,
    add column database_id oid;

create function begin_incarnation_if_restored() returns void
    language plpgsql security definer set search_path = public, pg_temp
    as $$
    declare
        here_cluster bigint := (select system_identifier from pg_control_system());
        here_timeline integer := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer;
        here_database oid := (select oid from pg_database where datname = current_database());
        latest incarnations;
    begin
        select * into latest from incarnations order by since desc limit 1;
        if (latest.cluster_id, latest.timeline_id, latest.database_id) is not distinct from (here_cluster, here_timeline, here_database) then
            return;
        end if;
        -- Many connections open at once after a restore: one of them begins the new life, the others find it.
        lock table incarnations in share row exclusive mode;
        select * into latest from incarnations order by since desc limit 1;
        if latest.cluster_id is null then
            update incarnations
            set cluster_id = here_cluster, timeline_id = here_timeline, database_id = here_database
            where incarnation_id = latest.incarnation_id;
        elsif (latest.cluster_id, latest.timeline_id, latest.database_id) is distinct from (here_cluster, here_timeline, here_database) then
            insert into incarnations (cluster_id, timeline_id, database_id) values (here_cluster, here_timeline, here_database);
        end if;
    end
    $$;

revoke all on function begin_incarnation_if_restored() from public;
grant execute on function begin_incarnation_if_restored() to doorstep_app;
