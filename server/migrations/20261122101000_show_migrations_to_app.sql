-- Why: /readyz tells an operator whether this database has the shape that the running build expects. The office's role asks, so it must see
-- which migrations were applied; it still can't change that.

grant select on _sqlx_migrations to doorstep_app;
