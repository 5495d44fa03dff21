goals = Metas
no-goals-yet = Aún no hay metas.
this-client = Este cliente está en camino.
all-clients = Todos los clientes
write-note = Escribir nota
edit-client = Editar cliente
hand-over = Traspasar
alerts = Alertas
next = Lo que sigue
no-visit-planned = No hay visitas planeadas ni tareas abiertas.
write-up = Anotar la visita
a-colleague = Un colega
done = Hecho
show-what-was-signed = Mostrar lo que se firmó
entered-in-error = Hecha por error
written-late = Escrita tarde
arrived-after-the-case-changed = Llegó después de que el caso cambió de manos
added-later = Agregado después
written-without-knowing-the-addition = Escrito sin conocer la adición anterior
how-to-reach = Cómo comunicarse
no-phone-and-no-address = Aún no hay teléfono ni dirección.
confidential-do-not-tell-anyone = Confidencial: no le diga esta dirección a nadie
notes = Notas
no-notes-yet-the-first = Aún no hay notas. La primera comienza la historia.
no-notes-here-yet-they = Aún no hay notas aquí. Quizás todavía están en camino.
show-older-notes = Mostrar notas anteriores
legal-name = Nombre legal
age = Edad
language = Idioma
people = Personas
client-number = Número de cliente
by-date = Hasta: { $date }
set-on = Fijado: { $date }
about-the-note = { $purpose } · Contacto: { $reached } · { $duration }
related-person = { $name } ({ $relationship })
related-person-of-the-household = { $name } ({ $relationship }, mismo hogar)
age-and-birth = { NUMBER($years) ->
    [one] { NUMBER($years) } año, nacimiento: { $born }
   *[other] { NUMBER($years) } años, nacimiento: { $born }
}
language-with-interpreter = { $language } – necesita intérprete
amend-note-of = Completar la nota <de { $moment }>
older-notes = { NUMBER($count) ->
    [one] { NUMBER($count) } nota
   *[other] { NUMBER($count) } notas
}
as-of = Según la oficina: { $moment }
confidential-printed = Confidencial. Impreso: { $moment }, por { $worker }.
