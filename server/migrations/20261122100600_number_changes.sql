-- Why: every write to a record, also one from an SQL console, gives it the next number of its scope. Set-based: one statement that
-- changes a thousand notes raises each head once. Scopes are locked in the order of their ids, so two writers can't wait in a circle.

-- One element a change: which record, in which scope. The last change of a record in the arrays stands for all.
create function bump_scopes(p_agency_ids uuid[], p_scope_ids uuid[], p_kind text, p_entity_ids uuid[], p_deleted boolean)
    returns void language plpgsql strict security definer set search_path = public, pg_temp
    as $$
begin
    if cardinality(p_scope_ids) > 1 then
        perform from scopes s
            where (s.agency_id, s.scope_id) in (select * from unnest(p_agency_ids, p_scope_ids))
            order by s.agency_id, s.scope_id
            for no key update;
    end if;
    with changed as (
        select distinct agency_id, scope_id, entity_id
        from unnest(p_agency_ids, p_scope_ids, p_entity_ids) as c (agency_id, scope_id, entity_id)
    ), counted as (
        select agency_id, scope_id, count(*) as changes from changed group by agency_id, scope_id
    ), bumped as (
        update scopes s set head = s.head + c.changes
        from counted c
        where s.agency_id = c.agency_id and s.scope_id = c.scope_id
        returning s.agency_id, s.scope_id, s.head - c.changes as before
    )
    insert into sync_entries as e (agency_id, scope_id, kind, entity_id, seq, deleted)
    select agency_id, scope_id, p_kind, entity_id,
        before + row_number() over (partition by agency_id, scope_id order by entity_id), p_deleted
    from changed join bumped using (agency_id, scope_id)
    on conflict (agency_id, scope_id, kind, entity_id) do update set seq = excluded.seq, deleted = excluded.deleted;
end
$$;

-- Takes the locks that the triggers of several statements would take one after the other, in one order and at once.
create function lock_scopes(p_scope_ids uuid[]) returns void
    language sql security definer set search_path = public, pg_temp
    as $$
        select from scopes
        where agency_id = app_agency() and scope_id = any (p_scope_ids)
        order by scope_id
        for no key update
    $$;

create function number_workers() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if tg_op = 'UPDATE' then
        -- A new password or a sign-in is nobody's news.
        perform bump_scopes(array_agg(c.agency_id), array_agg(s.scope_id), 'worker', array_agg(c.worker_id), false)
        from changed c
        join former f using (agency_id, worker_id)
        join scopes s on s.agency_id = c.agency_id and s.kind = 'agency-reference'
        where (c.name, c.role) is distinct from (f.name, f.role);
    else
        perform bump_scopes(array_agg(c.agency_id), array_agg(s.scope_id), 'worker', array_agg(c.worker_id), tg_op = 'DELETE')
        from changed c
        join scopes s on s.agency_id = c.agency_id and s.kind = 'agency-reference';
    end if;
    return null;
end
$$;

-- For persons and what belongs to them: a change is news in the scope of each of their cases.
create function number_persons() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform bump_scopes(array_agg(agency_id), array_agg(scope_id), 'person', array_agg(person_id), false)
    from (select distinct c.agency_id, c.scope_id, c.person_id from changed join cases c using (agency_id, person_id)) as touched;
    return null;
end
$$;

create function number_cases() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform bump_scopes(array_agg(agency_id), array_agg(scope_id), 'case', array_agg(case_id), tg_op = 'DELETE') from changed;
    if tg_op = 'INSERT' then
        perform bump_scopes(array_agg(agency_id), array_agg(scope_id), 'person', array_agg(person_id), false) from changed;
    elsif tg_op = 'UPDATE' then
        perform bump_scopes(array_agg(agency_id), array_agg(c.scope_id), 'person', array_agg(c.person_id), false)
        from changed c join former f using (agency_id, case_id)
        where c.person_id <> f.person_id;
    end if;
    return null;
end
$$;

create function number_case_alerts() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform bump_scopes(array_agg(agency_id), array_agg(scope_id), 'case', array_agg(case_id), false) from changed;
    return null;
end
$$;

-- Goals touched are written together with their note, which then has its number already.
create function number_note_goals() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    perform bump_scopes(array_agg(n.agency_id), array_agg(n.scope_id), 'note', array_agg(n.note_id), false)
    from changed c join notes n using (agency_id, note_id)
    where n.xmin <> pg_current_xact_id()::xid;
    return null;
end
$$;

do $$
declare
    numbered record;
begin
    -- Goals, notes, visits and tasks differ only in the names of their tables and keys.
    for numbered in select * from (values ('goal', 'goals'), ('note', 'notes'), ('visit', 'visits'), ('task', 'tasks')) as t (kind, tbl) loop
        execute format($function$
            create function number_%2$s() returns trigger language plpgsql security definer set search_path = public, pg_temp
                as $body$
            begin
                perform bump_scopes(array_agg(agency_id), array_agg(scope_id), %1$L, array_agg(%1$s_id), tg_op = 'DELETE') from changed;
                return null;
            end
            $body$
        $function$, numbered.kind, numbered.tbl);
    end loop;
    for numbered in select * from (values
        ('workers', 'number_workers'), ('persons', 'number_persons'), ('person_phones', 'number_persons'),
        ('person_addresses', 'number_persons'), ('related_persons', 'number_persons'), ('cases', 'number_cases'),
        ('case_alerts', 'number_case_alerts'), ('goals', 'number_goals'), ('notes', 'number_notes'), ('note_goals', 'number_note_goals'),
        ('visits', 'number_visits'), ('tasks', 'number_tasks')) as t (tbl, fn)
    loop
        execute format('create trigger number_inserts after insert on %I referencing new table as changed for each statement execute function %I()',
            numbered.tbl, numbered.fn);
        execute format('create trigger number_updates after update on %I referencing new table as changed old table as former for each statement execute function %I()',
            numbered.tbl, numbered.fn);
        execute format('create trigger number_deletes after delete on %I referencing old table as changed for each statement execute function %I()',
            numbered.tbl, numbered.fn);
    end loop;
end
$$;

-- A record that moved to another scope would stay in the old one on devices: refuse it.
create function refuse_new_scope() returns trigger language plpgsql
    as $$
begin
    if new.scope_id <> old.scope_id then
        raise exception 'a record stays in the scope of its case';
    end if;
    return new;
end
$$;
create trigger keep_scope before update of scope_id on cases for each row execute function refuse_new_scope();

revoke all on function bump_scopes(uuid[], uuid[], text, uuid[], boolean), lock_scopes(uuid[]) from public;
grant execute on function lock_scopes(uuid[]) to doorstep_app;
