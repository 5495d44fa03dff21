before-you-knock = Antes de tocar la puerta
who-lives-there = Quién vive ahí
nobody-else-is-known = No se sabe de nadie más que viva ahí.
you-promised = Usted prometió
nothing-is-open = No hay nada pendiente.
last-time = La última vez: { $day }
read-the-note = Leer la nota
show-on-a-map = Ver en un mapa
ready-without-a-signal = Lista sin señal
still-on-its-way = Todavía en camino
not-whole-on-this-device = No está completa en este teléfono: conéctese antes de salir
visits-tomorrow = Visitas de mañana
no-visits-today = No hay visitas previstas para hoy.
all-ready = { NUMBER($count) ->
    [one] Su visita está lista en este teléfono.
   *[other] Las { NUMBER($count) } visitas están listas en este teléfono.
}
some-not-ready = { NUMBER($ready) } de { NUMBER($all) } visitas están listas en este teléfono.
