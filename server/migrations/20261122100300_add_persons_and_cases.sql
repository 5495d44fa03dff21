-- Why: the client and their time in a programme (FHIR Patient and EpisodeOfCare). A person is seen through their cases.

create table persons (
    agency_id uuid not null references agencies,
    person_id uuid not null,
    client_number text, -- the agency's own number; an import finds the person again by it
    given_name text not null,
    family_name text not null,
    preferred_name text,
    birth_date date,
    language text not null, -- BCP 47
    interpreter_needed boolean not null,
    created_at timestamptz not null default now(),
    primary key (agency_id, person_id),
    constraint persons_client_number_key unique (agency_id, client_number)
);

create table person_phones (
    agency_id uuid not null,
    person_id uuid not null,
    position smallint not null,
    number text not null,
    safe_contact text not null check (safe_contact in ('anything', 'no-messages', 'text-only', 'do-not-use')),
    remark text,
    primary key (agency_id, person_id, position),
    foreign key (agency_id, person_id) references persons on delete cascade
);

create table person_addresses (
    agency_id uuid not null,
    person_id uuid not null,
    position smallint not null,
    line text not null, -- the whole address as one line
    confidential boolean not null,
    primary key (agency_id, person_id, position),
    foreign key (agency_id, person_id) references persons on delete cascade
);

create table related_persons (
    agency_id uuid not null,
    person_id uuid not null, -- the client in whose life they are
    position smallint not null,
    name text not null,
    relationship text not null,
    household boolean not null,
    primary key (agency_id, person_id, position),
    foreign key (agency_id, person_id) references persons on delete cascade
);

create table cases (
    agency_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null, -- never changes: the records of the case carry it too
    person_id uuid not null,
    programme text not null,
    primary_worker_id uuid not null,
    state text not null check (state in ('referred', 'waitlist', 'intake', 'assessment', 'planning', 'active', 'on-hold', 'closing', 'closed')),
    risk_level text not null check (risk_level in ('low', 'medium', 'high')),
    risk_reason text,
    risk_since date,
    opened_on date not null,
    last_contact_on date,
    contact_every_days integer not null check (contact_every_days between 0 and 65535),
    primary key (agency_id, case_id),
    constraint cases_scope_key unique (agency_id, scope_id),
    constraint cases_case_scope_key unique (agency_id, case_id, scope_id),
    foreign key (agency_id, scope_id) references scopes,
    foreign key (agency_id, person_id) references persons,
    foreign key (agency_id, primary_worker_id) references workers
) with (fillfactor = 80);
create index cases_person_idx on cases (agency_id, person_id);

create table case_alerts (
    agency_id uuid not null,
    case_id uuid not null,
    scope_id uuid not null,
    position smallint not null,
    kind text not null check (kind in ('safety', 'health', 'contact', 'legal')),
    statement text not null,
    primary key (agency_id, case_id, position),
    foreign key (agency_id, case_id, scope_id) references cases (agency_id, case_id, scope_id) on delete cascade
);
