before-you-knock = Before you knock
who-lives-there = Who lives there
nobody-else-is-known = Nobody else is known to live there.
you-promised = You promised
nothing-is-open = Nothing is open.
last-time = Last time: { $day }
read-the-note = Read the note
show-on-a-map = Show on a map
ready-without-a-signal = Ready without a signal
still-on-its-way = Still on its way
not-whole-on-this-device = Not whole on this phone – connect before you go
visits-tomorrow = Visits tomorrow
no-visits-today = No visits planned today.
all-ready = { NUMBER($count) ->
    [one] Your visit is ready on this phone.
   *[other] All { NUMBER($count) } visits are ready on this phone.
}
some-not-ready = { NUMBER($ready) } of { NUMBER($all) } visits are ready on this phone.
