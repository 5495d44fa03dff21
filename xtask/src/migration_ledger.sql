-- The table in which sqlx keeps which migrations were applied, as its migrator makes it; a migration shows it to the office's role.
-- Here migrations run through psql, because the binary that carries the migrator can't be compiled before its queries are checked.
create table _sqlx_migrations (
    version bigint primary key,
    description text not null,
    installed_on timestamptz not null default now(),
    success boolean not null,
    checksum bytea not null,
    execution_time bigint not null
);
