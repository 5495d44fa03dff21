-- Why: what is written in a case. Every record carries the scope of its case, so that row-level security and sync reach it without a join.
-- Moments are kept as instants with the offset (minutes east of UTC) of the place where they were written down.

create table goals (
    agency_id uuid not null,
    goal_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null,
    statement text not null, -- in the client's own words
    measure text,
    target_on date,
    lifecycle text not null check (lifecycle in ('proposed', 'active', 'on-hold', 'completed', 'cancelled')),
    achievement text not null check (achievement in
        ('in-progress', 'improving', 'no-change', 'worsening', 'achieved', 'sustaining', 'not-achieved', 'not-attainable')),
    moved_by uuid, -- the note that moved it last
    moved_at timestamptz,
    moved_offset_min smallint,
    primary key (agency_id, goal_id),
    foreign key (agency_id, case_id, scope_id) references cases (agency_id, case_id, scope_id)
);
create index goals_case_idx on goals (agency_id, case_id);

create table notes (
    agency_id uuid not null,
    note_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null,
    author_id uuid not null,
    occurred_at timestamptz not null,
    occurred_offset_min smallint not null,
    duration_min integer not null check (duration_min between 0 and 1440),
    mode text not null,
    reached text not null,
    purpose text not null,
    narrative text not null,
    tasks_done uuid[] not null default '{}',
    visit_id uuid,
    signed_at timestamptz not null, -- by the device's clock
    signed_offset_min smallint not null,
    received_at timestamptz not null, -- by the server's clock
    late_after_reassignment boolean not null default false,
    primary key (agency_id, note_id),
    foreign key (agency_id, case_id, scope_id) references cases (agency_id, case_id, scope_id),
    foreign key (agency_id, author_id) references workers
);
create index notes_case_idx on notes (agency_id, case_id);

-- The goals that a note is about, in the order in which they were chosen.
create table note_goals (
    agency_id uuid not null,
    note_id uuid not null,
    position smallint not null,
    scope_id uuid not null,
    goal_id uuid not null,
    from_achievement text not null, -- what the worker saw before writing
    to_achievement text not null,
    primary key (agency_id, note_id, position),
    foreign key (agency_id, note_id) references notes on delete cascade,
    foreign key (agency_id, goal_id) references goals
);

create table visits (
    agency_id uuid not null,
    visit_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null,
    worker_id uuid not null,
    planned_at timestamptz not null,
    planned_offset_min smallint not null,
    mode text not null,
    ended_by_note uuid, -- planned while absent
    primary key (agency_id, visit_id),
    foreign key (agency_id, case_id, scope_id) references cases (agency_id, case_id, scope_id),
    foreign key (agency_id, worker_id) references workers
);
create index visits_case_idx on visits (agency_id, case_id);
create index visits_planned_idx on visits (agency_id, worker_id, planned_at) where ended_by_note is null;

create table tasks (
    agency_id uuid not null,
    task_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null,
    owner_id uuid not null,
    title text not null,
    due_on date not null,
    done_at timestamptz, -- open while absent
    done_offset_min smallint,
    done_by uuid,
    done_in_note uuid,
    primary key (agency_id, task_id),
    foreign key (agency_id, case_id, scope_id) references cases (agency_id, case_id, scope_id),
    foreign key (agency_id, owner_id) references workers,
    constraint tasks_done_whole check ((done_at is null) = (done_by is null) and (done_at is null) = (done_offset_min is null))
);
create index tasks_case_idx on tasks (agency_id, case_id);
create index tasks_owner_idx on tasks (agency_id, owner_id) where done_at is null;
