not-reached-yet = Not reached yet
nothing-found = Nothing found
show-more-results = Show more results
no-client-and-no-note = No client and no note has all these words. Try fewer, or another spelling.
nothing-found-so-far-part = Nothing found so far. Part of your caseload is still on its way.
no-clients-yet-they-appear = No clients yet. They appear here as soon as one is assigned to you.
your-clients-are-on-their = Your clients are on their way.
alert = Alert
caseload = Caseload
search-clients-and-notes = Search clients and notes
sort-by = Sort by
name = Name
risk = Risk
last-contact = Last contact
reached = Reached { $ago }
task-due = Task: { $due }
contact-due = Contact: { $due }
the-first-results = { NUMBER($count) ->
    [one] The first { NUMBER($count) } result
   *[other] The first { NUMBER($count) } results
}
results = { NUMBER($count) ->
    [one] { NUMBER($count) } result
   *[other] { NUMBER($count) } results
}
clients = { NUMBER($count) ->
    [one] { NUMBER($count) } client
   *[other] { NUMBER($count) } clients
}
show-all-clients = Show all clients
