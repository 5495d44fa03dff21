not-reached-yet = Sin contacto todavía
nothing-found = No se encontró nada
show-more-results = Mostrar más resultados
no-client-and-no-note = Ningún cliente y ninguna nota tiene todas estas palabras. Pruebe con menos o con otra forma de escribirlas.
nothing-found-so-far-part = No se encontró nada hasta ahora. Parte de sus casos todavía está en camino.
no-clients-yet-they-appear = Aún no hay clientes. Aparecen aquí en cuanto se le asigne uno.
your-clients-are-on-their = Sus clientes están en camino.
alert = Alerta
caseload = Casos
search-clients-and-notes = Buscar clientes y notas
sort-by = Ordenar por
name = Nombre
risk = Riesgo
last-contact = Último contacto
reached = Contacto { $ago }
task-due = Tarea: { $due }
contact-due = Contacto: { $due }
the-first-results = { NUMBER($count) ->
    [one] El primer resultado
   *[other] Los primeros { NUMBER($count) } resultados
}
results = { NUMBER($count) ->
    [one] { NUMBER($count) } resultado
   *[other] { NUMBER($count) } resultados
}
clients = { NUMBER($count) ->
    [one] { NUMBER($count) } cliente
   *[other] { NUMBER($count) } clientes
}
show-all-clients = Mostrar todos los clientes
