today = Hoy
yesterday = Ayer
tomorrow = Mañana
month-short = { NUMBER($month) ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[other] dic
}
month = { NUMBER($month) ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[other] diciembre
}
weekday-short = { NUMBER($weekday) ->
    [0] lun
    [1] mar
    [2] mié
    [3] jue
    [4] vie
    [5] sáb
   *[other] dom
}
weekday = { NUMBER($weekday) ->
    [0] lunes
    [1] martes
    [2] miércoles
    [3] jueves
    [4] viernes
    [5] sábado
   *[other] domingo
}
weekday-and-date = { $weekday } { $date }
day-and-month = { $day } { $month }
day-month-and-year = { $day } { $month } { $year }
full-date = { $day } de { $month } de { $year }
long-day = { $weekday } { $day } de { $month }
moment = { $day } { $clock }
days-late = { NUMBER($days) ->
    [one] { NUMBER($days) } día de atraso
   *[other] { NUMBER($days) } días de atraso
}
due-today = Vence hoy
due-tomorrow = Vence mañana
due-in = { NUMBER($days) ->
    [one] Vence en { NUMBER($days) } día
   *[other] Vence en { NUMBER($days) } días
}
due-on = Vence el { $date }
just-today = hoy
just-yesterday = ayer
days-ago = { NUMBER($days) ->
    [one] hace { NUMBER($days) } día
   *[other] hace { NUMBER($days) } días
}
months-ago = { NUMBER($months) ->
    [one] hace { NUMBER($months) } mes
   *[other] hace { NUMBER($months) } meses
}
years-ago = { NUMBER($years) ->
    [one] hace { NUMBER($years) } año
   *[other] hace { NUMBER($years) } años
}
minutes-short = { NUMBER($minutes) } min
hours-short = { NUMBER($hours) } h
hours-and-minutes-short = { NUMBER($hours) } h { NUMBER($minutes) } min
seconds = { NUMBER($seconds) ->
    [one] { NUMBER($seconds) } segundo
   *[other] { NUMBER($seconds) } segundos
}
minutes = { NUMBER($minutes) ->
    [one] { NUMBER($minutes) } minuto
   *[other] { NUMBER($minutes) } minutos
}
hours = { NUMBER($hours) ->
    [one] { NUMBER($hours) } hora
   *[other] { NUMBER($hours) } horas
}
days = { NUMBER($days) ->
    [one] { NUMBER($days) } día
   *[other] { NUMBER($days) } días
}
bytes = { $size } bytes
kilobytes = { $size } KB
megabytes = { $size } MB
gigabytes = { $size } GB
good-morning = Buenos días
good-afternoon = Buenas tardes
good-evening = Buenas noches
greeting = { $greeting }, { $name }
month-and-year = { $month } de { $year }
