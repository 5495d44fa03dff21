goals = Goals
no-goals-yet = No goals yet.
this-client = This client is on the way.
all-clients = All clients
write-note = Write note
edit-client = Edit client
hand-over = Hand over
alerts = Alerts
next = Next
no-visit-planned = No visit planned and no task open.
write-up = Write up
a-colleague = A colleague
done = Done
show-what-was-signed = Show what was signed
entered-in-error = Entered in error
written-late = Written late
arrived-after-the-case-changed = Arrived after the case changed hands
added-later = Added later
written-without-knowing-the-addition = Written without knowing the addition before
how-to-reach = How to reach
no-phone-and-no-address = No phone and no address yet.
confidential-do-not-tell-anyone = Confidential: do not tell anyone this address
notes = Notes
no-notes-yet-the-first = No notes yet. The first one begins the story.
no-notes-here-yet-they = No notes here yet. They may still be on their way.
show-older-notes = Show older notes
legal-name = Legal name
age = Age
language = Language
people = People
client-number = Client number
by-date = By { $date }
set-on = Set { $date }
about-the-note = { $purpose } · Reached: { $reached } · { $duration }
related-person = { $name } ({ $relationship })
related-person-of-the-household = { $name } ({ $relationship }, same household)
age-and-birth = { NUMBER($years) ->
    [one] { NUMBER($years) } year, born { $born }
   *[other] { NUMBER($years) } years, born { $born }
}
language-with-interpreter = { $language } – interpreter needed
amend-note-of = Amend note <of { $moment }>
older-notes = { NUMBER($count) ->
    [one] { NUMBER($count) } note
   *[other] { NUMBER($count) } notes
}
as-of = As the office had it: { $moment }
confidential-printed = Confidential. Printed { $moment } by { $worker }.
