-- Why: whoever decides between two changes of the same thing needs to know who wrote the other one, and when. What was changed before this
-- says nothing of it.

alter table persons add column written jsonb not null default '{}'; -- by merge unit (domain::UnitKind): who changed it last, and when by their clock
alter table cases add column written jsonb not null default '{}';
grant update (written) on persons to doorstep_app;
grant update (written) on cases to doorstep_app;
