-- Why: an administrator sets the agency's rules for devices and for signing in; and whoever opens a case in an emergency knows the client's
-- number, not the case's id.

create function set_rules(
    p_offline_storage boolean, p_lease_hours smallint, p_restricted_lease_hours smallint, p_lock_after_idle_min smallint,
    p_lock_after_hidden_s smallint, p_second_factor_roles text[], p_break_glass_hours integer
) returns void
    language plpgsql security definer set search_path = public, pg_temp
    as $$
begin
    if not app_may('manage-agency') then
        raise insufficient_privilege using message = 'this role sets no rules';
    end if;
    update device_policies set offline_storage = p_offline_storage, lease_hours = p_lease_hours,
        restricted_lease_hours = p_restricted_lease_hours, lock_after_idle_min = p_lock_after_idle_min,
        lock_after_hidden_s = p_lock_after_hidden_s
    where agency_id = app_agency();
    update security_policies set second_factor_roles = p_second_factor_roles, break_glass_hours = p_break_glass_hours
    where agency_id = app_agency();
end
$$;

-- The cases of the client with exactly this number; nothing is listed.
create function cases_of_client_number(p_client_number text) returns table (case_id uuid, programme text)
    language plpgsql stable security definer set search_path = public, pg_temp
    as $$
#variable_conflict use_column
begin
    if not app_may('break-glass') then
        raise insufficient_privilege using message = 'this role does not break glass';
    end if;
    return query
        select c.case_id, c.programme from cases c join persons p on p.agency_id = c.agency_id and p.person_id = c.person_id
        where c.agency_id = app_agency() and p.client_number = p_client_number
        order by c.case_id;
end
$$;

revoke all on function set_rules(boolean, smallint, smallint, smallint, smallint, text[], integer), cases_of_client_number(text) from public;
grant execute on function set_rules(boolean, smallint, smallint, smallint, smallint, text[], integer), cases_of_client_number(text)
    to doorstep_app;
