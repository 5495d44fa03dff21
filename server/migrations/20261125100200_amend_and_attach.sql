-- Why: a signed note never changes. What is added to it, attached to it, or was written before anybody could say whom it is about, is a
-- record of its own.

alter table notes add column sensitivity text not null default 'ordinary' check (sensitivity in
    ('ordinary', 'behavioural-health', 'substance-use', 'partner-violence', 'legal'));
-- A note is in the general or in the restricted scope of its case.
alter table notes drop constraint notes_agency_id_case_id_scope_id_fkey;
alter table notes add foreign key (agency_id, case_id, scope_id) references scopes (agency_id, case_id, scope_id);

create table amendments (
    agency_id uuid not null,
    amendment_id uuid not null,
    note_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null, -- the note's
    author_id uuid not null,
    kind text not null check (kind in ('addendum', 'entered-in-error')),
    narrative text not null,
    signed_at timestamptz not null, -- by the device's clock
    signed_offset_min smallint not null,
    received_at timestamptz not null, -- by the server's clock
    concurrent boolean not null, -- somebody else had amended the note, and the author had not seen it
    primary key (agency_id, amendment_id),
    foreign key (agency_id, note_id) references notes,
    foreign key (agency_id, author_id) references workers
);
create index amendments_note_idx on amendments (agency_id, note_id);

create table attachments (
    agency_id uuid not null,
    attachment_id uuid not null,
    note_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null, -- the note's
    author_id uuid not null,
    title text not null,
    media_type text not null, -- RFC 6838
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    received_at timestamptz, -- all of it is here and fits its hash; absent while it is on its way
    primary key (agency_id, attachment_id),
    foreign key (agency_id, note_id) references notes,
    foreign key (agency_id, author_id) references workers
);
create index attachments_note_idx on attachments (agency_id, note_id);

create table blind_notes (
    agency_id uuid not null,
    blind_note_id uuid not null,
    scope_id uuid not null, -- the author's own
    author_id uuid not null,
    about text not null, -- whom it is about, in the author's words
    narrative text not null,
    written_at timestamptz not null, -- by the device's clock
    written_offset_min smallint not null,
    received_at timestamptz not null,
    filed_in uuid, -- the signed note that it became
    primary key (agency_id, blind_note_id),
    foreign key (agency_id, scope_id) references scopes,
    foreign key (agency_id, author_id) references workers
);

do $$
declare
    guarded text;
    numbered record;
begin
    foreach guarded in array array['amendments', 'attachments', 'blind_notes'] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        execute format('create policy owner_of_agency on %I to current_user using (agency_id = app_agency()) with check (agency_id = app_agency())', guarded);
        execute format('grant select, insert on %I to doorstep_app', guarded);
        execute format($policy$
            create policy visible on %1$I to doorstep_app
                using (agency_id = app_agency() and (
                    select true from visible_scopes v
                    where v.agency_id = %1$I.agency_id and v.worker_id = app_worker() and v.scope_id = %1$I.scope_id
                    limit 1))
                with check (agency_id = app_agency() and (
                    select true from visible_scopes v
                    where v.agency_id = %1$I.agency_id and v.worker_id = app_worker() and v.scope_id = %1$I.scope_id
                    limit 1))
        $policy$, guarded);
    end loop;
    for numbered in select * from (values
        ('amendment', 'amendments', 'amendment_id'), ('attachment', 'attachments', 'attachment_id'), ('blind-note', 'blind_notes', 'blind_note_id')
    ) as t (kind, tbl, id) loop
        execute format($function$
            create function number_%2$s() returns trigger language plpgsql security definer set search_path = public, pg_temp
                as $body$
            begin
                perform bump_scopes(array_agg(agency_id), array_agg(scope_id), %1$L, array_agg(%3$I), tg_op = 'DELETE') from changed;
                return null;
            end
            $body$
        $function$, numbered.kind, numbered.tbl, numbered.id);
        execute format('create trigger number_inserts after insert on %1$I referencing new table as changed for each statement execute function number_%1$s()', numbered.tbl);
        execute format('create trigger number_updates after update on %1$I referencing new table as changed old table as former for each statement execute function number_%1$s()', numbered.tbl);
        execute format('create trigger number_deletes after delete on %1$I referencing old table as changed for each statement execute function number_%1$s()', numbered.tbl);
    end loop;
end
$$;
grant update (filed_in) on blind_notes to doorstep_app;
grant update (received_at) on attachments to doorstep_app;

-- What is attached to a late note comes as late as the note.
create policy late on attachments for insert to doorstep_app
    with check (agency_id = app_agency() and held_until(scope_id) is not null);
