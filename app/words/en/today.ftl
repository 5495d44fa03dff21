due-this-week = Due this week
nothing-is-due = Nothing is due in the next seven days.
show-all-that-is-due = Show all that is due
done = Done
today = Today
no-client-data = No client data in your role
administrators-look-after-programmes-people = Administrators look after programmes, people and forms. To protect clients, their records are shown to the workers and supervisors of their case only.
your-clients-are-on-their = Your clients are on their way.
see-them-now = See them now
be-in-touch = Be in touch
visits-today = Visits today
no-visits-planned = No visits planned for the next seven days.
no-visits-planned-today-next = No visits planned today. Next:
confidential-address = Confidential address
done-and-saved = Done: { $task }. Saved on this phone.
done-and-waiting = Done: { $task }. Waiting to be sent – keep this page open.
clients-are-here-already = { NUMBER($count) ->
    [one] { NUMBER($count) } client is here already.
   *[other] { NUMBER($count) } clients are here already.
}
count-more = { NUMBER($count) } more
write-note-for = Write note <for { $client }>
