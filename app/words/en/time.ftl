today = Today
yesterday = Yesterday
tomorrow = Tomorrow
month-short = { NUMBER($month) ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[other] Dec
}
month = { NUMBER($month) ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
}
weekday-short = { NUMBER($weekday) ->
    [0] Mon
    [1] Tue
    [2] Wed
    [3] Thu
    [4] Fri
    [5] Sat
   *[other] Sun
}
weekday = { NUMBER($weekday) ->
    [0] Monday
    [1] Tuesday
    [2] Wednesday
    [3] Thursday
    [4] Friday
    [5] Saturday
   *[other] Sunday
}
weekday-and-date = { $weekday } { $date }
day-and-month = { $day } { $month }
day-month-and-year = { $day } { $month } { $year }
full-date = { $day } { $month } { $year }
long-day = { $weekday } { $day } { $month }
moment = { $day } { $clock }
days-late = { NUMBER($days) ->
    [one] { NUMBER($days) } day late
   *[other] { NUMBER($days) } days late
}
due-today = Due today
due-tomorrow = Due tomorrow
due-in = { NUMBER($days) ->
    [one] Due in { NUMBER($days) } day
   *[other] Due in { NUMBER($days) } days
}
due-on = Due { $date }
just-today = today
just-yesterday = yesterday
days-ago = { NUMBER($days) ->
    [one] { NUMBER($days) } day ago
   *[other] { NUMBER($days) } days ago
}
months-ago = { NUMBER($months) ->
    [one] { NUMBER($months) } month ago
   *[other] { NUMBER($months) } months ago
}
years-ago = { NUMBER($years) ->
    [one] { NUMBER($years) } year ago
   *[other] { NUMBER($years) } years ago
}
minutes-short = { NUMBER($minutes) } min
hours-short = { NUMBER($hours) } h
hours-and-minutes-short = { NUMBER($hours) } h { NUMBER($minutes) } min
seconds = { NUMBER($seconds) ->
    [one] { NUMBER($seconds) } second
   *[other] { NUMBER($seconds) } seconds
}
minutes = { NUMBER($minutes) ->
    [one] { NUMBER($minutes) } minute
   *[other] { NUMBER($minutes) } minutes
}
hours = { NUMBER($hours) ->
    [one] { NUMBER($hours) } hour
   *[other] { NUMBER($hours) } hours
}
days = { NUMBER($days) ->
    [one] { NUMBER($days) } day
   *[other] { NUMBER($days) } days
}
bytes = { $size } bytes
kilobytes = { $size } KB
megabytes = { $size } MB
gigabytes = { $size } GB
good-morning = Good morning
good-afternoon = Good afternoon
good-evening = Good evening
greeting = { $greeting }, { $name }
month-and-year = { $month } { $year }
