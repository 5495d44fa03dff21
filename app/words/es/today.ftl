due-this-week = Para esta semana
nothing-is-due = Nada vence en los próximos siete días.
show-all-that-is-due = Mostrar todo lo que vence
done = Hecho
today = Hoy
no-client-data = Su función no incluye datos de clientes
administrators-look-after-programmes-people = Los administradores se ocupan de programas, personas y formularios. Para proteger a los clientes, sus expedientes los ven solo los trabajadores y supervisores de su caso.
your-clients-are-on-their = Sus clientes están en camino.
see-them-now = Verlos ahora
be-in-touch = Comunicarse
visits-today = Visitas de hoy
no-visits-planned = No hay visitas planeadas para los próximos siete días.
no-visits-planned-today-next = No hay visitas planeadas para hoy. Siguen:
confidential-address = Dirección confidencial
done-and-saved = Hecho: { $task }. Guardado en este teléfono.
done-and-waiting = Hecho: { $task }. Esperando para enviarse – mantenga esta página abierta.
clients-are-here-already = { NUMBER($count) ->
    [one] Ya está aquí { NUMBER($count) } cliente.
   *[other] Ya están aquí { NUMBER($count) } clientes.
}
count-more = { NUMBER($count) } más
write-note-for = Escribir nota <sobre { $client }>
