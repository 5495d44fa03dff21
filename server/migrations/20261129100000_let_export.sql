-- Why: taking a table of cases out of Doorstep makes a file that anybody can read. Who may is the agency's to say; at first, supervisors.

create or replace function usual_permissions() returns table (role text, permission text)
    language sql immutable parallel safe
    as $$
        values
            ('case-manager', 'write-in-cases'), ('case-manager', 'break-glass'),
            ('supervisor', 'write-in-cases'), ('supervisor', 'hand-over-cases'), ('supervisor', 'decide-reviews'),
            ('supervisor', 'see-all-cases'), ('supervisor', 'manage-devices'), ('supervisor', 'break-glass'),
            ('supervisor', 'review-break-glass'), ('supervisor', 'export-cases'),
            ('administrator', 'manage-devices'), ('administrator', 'read-audit'), ('administrator', 'manage-agency')
    $$;

insert into role_permissions (agency_id, role, permission)
    select agency_id, 'supervisor', 'export-cases' from agencies;
