a-supervisor-hands-cases-over = A supervisor hands cases over. Ask yours.
choose-who-takes-the-case = Choose who takes the case
enter-a-reason = Enter a reason
case-handed-over = Case handed over
new-worker = New worker
hand-over = Hand over
reason = Reason
choose-somebody = Choose somebody
a-colleague = A colleague
the-case-leaves-the-former = The case leaves the former worker's devices at their next contact. Notes that they wrote and did not send yet still arrive.
now-with = Now with { $worker }. { $tasks } and { $visits } go along.
open-tasks = { NUMBER($count) ->
    [one] { NUMBER($count) } open task
   *[other] { NUMBER($count) } open tasks
}
planned-visits = { NUMBER($count) ->
    [one] { NUMBER($count) } planned visit
   *[other] { NUMBER($count) } planned visits
}
