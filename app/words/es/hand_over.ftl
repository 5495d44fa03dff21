a-supervisor-hands-cases-over = Un supervisor traspasa los casos. Pregunte al suyo.
choose-who-takes-the-case = Elija quién toma el caso
enter-a-reason = Escriba un motivo
case-handed-over = Caso traspasado
new-worker = Nuevo trabajador
hand-over = Traspasar
reason = Motivo
choose-somebody = Elija a alguien
a-colleague = Un colega
the-case-leaves-the-former = El caso sale de los dispositivos del trabajador anterior en su próximo contacto. Las notas que escribió y no envió todavía llegan.
now-with = Ahora a cargo de { $worker }. Pasan también { $tasks } y { $visits }.
open-tasks = { NUMBER($count) ->
    [one] { NUMBER($count) } tarea abierta
   *[other] { NUMBER($count) } tareas abiertas
}
planned-visits = { NUMBER($count) ->
    [one] { NUMBER($count) } visita planeada
   *[other] { NUMBER($count) } visitas planeadas
}
