-- Why: the content of an attachment comes in chunks, before or after its note, from a device that may be locked or revoked by then. It is
-- kept outside of the database, sealed; what is known of it stands here. Only what its note says of it makes it the attachment's content.

create table uploads (
    agency_id uuid not null,
    worker_id uuid not null, -- whose device it is: the author of the note, if it is to be shown
    attachment_id uuid not null, -- made by the device; one of the same name by another worker is another upload
    device_id uuid not null, -- that began it last
    content_id uuid not null default gen_random_uuid(), -- the name under which its chunks are stored
    content_key bytea not null, -- opens the chunks; sealed with a secret that is not in the database
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    chunks smallint[] not null default '{}', -- the numbers of those that are stored
    media_type text, -- what the content is, as its bytes say
    verified_at timestamptz, -- all of it is here, and it is what was announced
    refused text, -- it can never be taken: the code that says why. Nothing of it is stored any more
    begun_at timestamptz not null default now(),
    touched_at timestamptz not null default now(), -- when something of it came last
    primary key (agency_id, worker_id, attachment_id),
    constraint uploads_content_key unique (agency_id, content_id),
    constraint uploads_verified check (verified_at is null or (media_type is not null and refused is null)),
    foreign key (agency_id, worker_id) references workers,
    foreign key (agency_id, device_id) references devices
);
create index uploads_attachment_idx on uploads (attachment_id);
create index uploads_open_idx on uploads (touched_at);
alter table uploads enable row level security;
alter table uploads force row level security;
create policy owner_all on uploads to current_user using (true) with check (true);
create policy own on uploads to doorstep_app
    using (agency_id = app_agency() and worker_id = app_worker())
    with check (agency_id = app_agency() and worker_id = app_worker());
-- Whoever sees an attachment that was received may read its author's content.
create policy of_visible on uploads for select to doorstep_app
    using (agency_id = app_agency() and exists (
        select from attachments a
        where a.agency_id = uploads.agency_id and a.attachment_id = uploads.attachment_id and a.author_id = uploads.worker_id
            and a.received_at is not null));
grant select, insert on uploads to doorstep_app;
grant update (device_id, content_id, content_key, chunks, media_type, verified_at, refused, touched_at) on uploads to doorstep_app;

-- Asked before anybody knows who asks, for one exact id: the uploads that a chunk may belong to. The chunk itself proves which: only who
-- began it has the key that seals it.
create function uploads_of_id(p_attachment_id uuid)
    returns table (
        agency_id uuid, worker_id uuid, role text, permissions text[], device_id uuid, content_id uuid, content_key bytea, size_bytes bigint,
        sha256 text, chunks smallint[], verified_at timestamptz, refused text
    )
    language sql stable security definer set search_path = public, pg_temp
    as $$
        select u.agency_id, u.worker_id, w.role, permissions_of(w.agency_id, w.role), u.device_id, u.content_id, u.content_key, u.size_bytes,
            u.sha256, u.chunks, u.verified_at, u.refused
        from uploads u
        join workers w using (agency_id, worker_id)
        where u.attachment_id = p_attachment_id
    $$;

-- The content is here: says so on its attachment, if there is one and it fits. Its author may not see the case any more.
create function receive_attachment(p_attachment_id uuid) returns table (scope_id uuid, fits boolean, is_news boolean)
    language plpgsql security definer set search_path = public, pg_temp
    as $$
declare
    is_first boolean;
begin
    update attachments a set received_at = u.verified_at
    from uploads u
    where a.agency_id = app_agency() and a.attachment_id = p_attachment_id and a.author_id = app_worker() and a.received_at is null
        and u.agency_id = a.agency_id and u.worker_id = a.author_id and u.attachment_id = a.attachment_id and u.verified_at is not null
        and (u.size_bytes, u.sha256, u.media_type) = (a.size_bytes, a.sha256, a.media_type);
    is_first := found;
    return query
        select a.scope_id, (u.size_bytes, u.sha256, coalesce(u.media_type, a.media_type)) = (a.size_bytes, a.sha256, a.media_type),
            is_first
        from attachments a
        join uploads u on u.agency_id = a.agency_id and u.worker_id = a.author_id and u.attachment_id = a.attachment_id
        where a.agency_id = app_agency() and a.attachment_id = p_attachment_id and a.author_id = app_worker();
end
$$;

-- The note comes after its content. The lock makes this wait for a content that is just being verified, and that one for this.
create function find_content() returns trigger language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    select u.verified_at into new.received_at from uploads u
    where u.agency_id = new.agency_id and u.worker_id = new.author_id and u.attachment_id = new.attachment_id
        and (u.size_bytes, u.sha256) = (new.size_bytes, new.sha256) and coalesce(u.media_type, new.media_type) = new.media_type
    for share;
    return new;
end
$$;
create trigger find_content before insert on attachments for each row when (new.received_at is null) execute function find_content();
revoke update (received_at) on attachments from doorstep_app;

revoke all on function uploads_of_id(uuid), receive_attachment(uuid) from public;
grant execute on function uploads_of_id(uuid), receive_attachment(uuid) to doorstep_app;
