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
save-as-a-file = Save as a file
save-it = Yes, save it
anybody-can-read-the-file = Whoever has the file can read it: Doorstep does not protect it any more. The rows and columns that you see go into it. Who saved it, and which cases, is written into the audit trail.
do-not-save-it = No, do not save it
