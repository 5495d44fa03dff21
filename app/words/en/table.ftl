narrow = Narrow by any words
columns = Columns
all-cases = All cases
contact-due = Contact due
late-tasks = Late tasks
programme = Programme
state = State
as-a-table = As a table
rows = { NUMBER($count) ->
    [one] { NUMBER($count) } row
   *[other] { NUMBER($count) } rows
}
