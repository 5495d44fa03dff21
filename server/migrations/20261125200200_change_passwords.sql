-- Why: a worker changes their own password, and a hash from before the server had a pepper is made anew at the next sign-in. The office's
-- role can write nothing else of an account, and nobody else's.

create function set_own_password(p_password_hash text) returns void
    language sql security definer set search_path = public, pg_temp
    as $$
        update workers set password_hash = p_password_hash where agency_id = app_agency() and worker_id = app_worker() and active
    $$;
revoke all on function set_own_password(text) from public;
grant execute on function set_own_password(text) to doorstep_app;
