choose-the-client = Choose the client
notes-to-file = Notes to file
you-wrote-these-while = You wrote these while this device was locked. Say which client each is about, then check and sign it.
nothing-waits-to-be-filed = Nothing waits to be filed.
client = Client
say-which-client = Say which client it is about
written = Written { $moment }
check-and-sign-about = Check and sign <what is about { $about }>
you-wrote-while-locked = You wrote while this device was locked.
count-to-file = { NUMBER($count) ->
    [one] { NUMBER($count) } note to file
   *[other] { NUMBER($count) } notes to file
}
